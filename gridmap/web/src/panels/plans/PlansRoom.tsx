/** The planner's room: the plans of a place, or the one that is open. */

import { useApp } from '../app'
import { NeedsPlace } from '../parts/Room'
import { Message, Waiting } from '../parts/Message'

import { Crosswalk } from './Crosswalk'
import { OpenPlan } from './OpenPlan'
import { PlanList } from './PlanList'
import { PublishedGrids } from './PublishedGrids'

export function PlansRoom() {
  const { data, plans, speech } = useApp()
  const words = speech.value
  const cut = data.cut.value
  const opened = plans.opened.value
  return (
    <NeedsPlace title={words.say('plans.title')}>
      {opened.state === 'ready' ? (
        <OpenPlan open={opened.value} />
      ) : opened.state !== 'nothing' ? (
        <Waiting loaded={opened} retry={plans.retry} />
      ) : (
        <>
          <PlanList cut={cut} />
          {cut ? (
            <>
              <h3>{words.say('plan.published.grids')}</h3>
              <PublishedGrids cut={cut} />
              <Crosswalk cut={cut} />
            </>
          ) : (
            <Message title={words.say('plans.none')} text={words.say('plans.none.text')} />
          )}
        </>
      )}
    </NeedsPlace>
  )
}
