/** Who is responsible: what is complete, who is missing, and what would be best. */

import { boundsOf } from '../../geometry/bounds'
import { useApp } from '../app'
import { CutChoice } from '../map/CutChoice'
import { SHEETS, type Sheet as SheetName } from '../../state/staff-desk'
import { TOGETHER_SHEETS } from '../../state/staff-together'
import { Choice } from '../parts/Choice'
import { Waiting } from '../parts/Message'
import { NeedsPlace } from '../parts/Room'

import { Areas } from './Areas'
import { Bulk } from './Bulk'
import { Candidates } from './Candidates'
import { Events } from './Events'
import { History } from './History'
import { Loads } from './Loads'
import { OutcomeBox } from './OutcomeBox'
import { Overview } from './Overview'
import { ProposalView } from './ProposalView'
import { Rota } from './Rota'
import { Templates } from './Templates'

export function StaffRoom() {
  const { staffing, desk, speech } = useApp()
  const vacancy = staffing.vacancy.value
  const proposal = staffing.proposal.value
  return (
    <NeedsPlace title={speech.value.say('room.staff')}>
      {vacancy ? (
        <Candidates vacancy={vacancy} />
      ) : proposal ? (
        <ProposalView proposal={proposal} />
      ) : (
        <>
          <Choice<SheetName>
            label={speech.value.say('staff.sheet')}
            options={SHEETS.map((value) => ({ value, label: speech.value.say(`staff.sheet.${value}`) }))}
            chosen={desk.sheet.value}
            choose={(value) => {
              desk.sheet.value = value
            }}
          />
          <Choice<SheetName>
            label={speech.value.say('staff.together')}
            options={TOGETHER_SHEETS.map((value) => ({ value, label: speech.value.say(`staff.sheet.${value}`) }))}
            chosen={desk.sheet.value}
            choose={(value) => {
              desk.sheet.value = value
            }}
          />
          <Sheet />
        </>
      )}
    </NeedsPlace>
  )
}

function Sheet() {
  const { desk, speech } = useApp()
  switch (desk.sheet.value) {
    case 'loads':
      return <Loads />
    case 'lasso':
      return <Bulk />
    case 'areas':
      return <Areas />
    case 'templates':
      return <Templates />
    case 'events':
      return <Events />
    case 'rota':
      return <Rota />
    case 'history':
      return <History />
    default:
      return (
        <>
          <p class="lead">{speech.value.say('staff.text')}</p>
          <OutcomeBox />
          <Overview />
          <Grids />
        </>
      )
  }
}

/** The way from a grid to its people. */
function Grids() {
  const { data, speech, actions } = useApp()
  const words = speech.value
  const cut = data.cut.value
  const loaded = data.grids.loaded.value
  return (
    <>
      <h3>{words.say('staff.grids')}</h3>
      {cut && <CutChoice cut={cut} />}
      <Waiting loaded={loaded} retry={data.grids.retry} />
      {loaded.state === 'ready' && (
        <ul class="rows" data-list="grids">
          {[...loaded.value.items]
            .sort((a, b) => a.properties.code.localeCompare(b.properties.code))
            .map((item) => (
              <li key={item.id}>
                <button
                  type="button"
                  class="row-link"
                  onClick={() =>
                    actions.select({ layer: 'grids', id: item.id }, boundsOf(item.geometry))
                  }
                >
                  <span>{words.name(item.properties)}</span>
                  <small class="number">{item.properties.code}</small>
                </button>
              </li>
            ))}
        </ul>
      )}
    </>
  )
}
