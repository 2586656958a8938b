/** What was selected: its figures, where it lies, who is responsible, what is near. */

import { useEffect, useRef } from 'preact/hooks'

import { Problem } from '../../api/client'
import type { Network } from '../../api/nouns'
import { boundsOf } from '../../geometry/bounds'
import type { Detail } from '../../state/data'
import { useApp } from '../app'
import { Icon } from '../parts/Icon'
import { Message, Waiting } from '../parts/Message'
import { AreaPosts } from '../staff/AreaPosts'

import { Chain } from './Chain'
import { Facts } from './Facts'
import { Near } from './Near'
import { Responsible } from './Responsible'

export function Details() {
  const { data, store, speech, actions } = useApp()
  const words = speech.value
  const loaded = data.detail.loaded.value
  const isGone =
    loaded.state === 'failed' && loaded.error instanceof Problem && loaded.error.status === 404
  return (
    <section class="details">
      <button type="button" class="back" onClick={() => actions.select(null)}>
        <Icon name="back" size={18} />
        {data.place.value && store.view.value.room === 'map'
          ? words.name(data.place.value)
          : words.say('common.back')}
      </button>
      {isGone ? (
        <Message title={words.say('detail.gone')} text={words.say('detail.gone.text')} />
      ) : (
        <Waiting loaded={loaded} retry={data.detail.retry} />
      )}
      {loaded.state === 'ready' && <Found detail={loaded.value} />}
    </section>
  )
}

function Found({ detail }: { detail: Detail }) {
  const { data, store, speech, actions } = useApp()
  const words = speech.value
  const { item, located, selection } = detail
  const title = useRef<HTMLHeadingElement>(null)
  const { layer, id } = selection
  useEffect(() => {
    // Whoever came by keyboard hears what was found; the pointer keeps its place.
    if (document.activeElement?.closest('.panel')) title.current?.focus({ preventScroll: true })
  }, [layer, id])
  const bounds = boundsOf(item.geometry)
  return (
    <>
      <p class="visually-hidden" role="status">
        {titleOf(detail, words)}
      </p>
      <header class="details-head">
        <p class="kind">{kindOf(detail, words, data.cut.value?.place.networks ?? [])}</p>
        <h2 ref={title} tabIndex={-1}>
          {titleOf(detail, words)}
        </h2>
        {bounds && (
          <button
            type="button"
            class="icon-button outlined"
            aria-label={words.say('common.zoom')}
            title={words.say('common.zoom')}
            onClick={() => actions.goTo(bounds)}
          >
            <Icon name="locate" size={20} />
          </button>
        )}
      </header>
      <Facts detail={detail} />
      {located && <Chain detail={detail} located={located} />}
      {store.view.value.room === 'staff' && <AreaPosts detail={detail} />}
      {located && <Responsible detail={detail} located={located} />}
      {located && layer !== 'resource-points' && <Near points={located.resource_points} />}
    </>
  )
}

type Words = ReturnType<typeof useApp>['speech']['value']

function titleOf({ item, selection }: Detail, words: Words): string {
  const { properties } = item
  const name = words.name(properties as { name?: string; name_en?: string })
  const title = properties['title']
  if (selection.layer === 'incidents' && typeof title === 'string') return title
  const address = properties['address']
  if (!properties['name'] && typeof address === 'string' && address) return address
  return name
}

function kindOf(
  { item, selection }: Detail,
  words: Words,
  networks: readonly Network[],
): string {
  const { properties } = item
  if (selection.layer !== 'grids') return words.term('layer', selection.layer)
  const network = networks.find((candidate) => candidate.key === properties['network'])
  const level = network?.levels.find((candidate) => candidate.level === properties['level'])
  return [level && words.label(level), network && words.label(network)].filter(Boolean).join(' · ')
}
