/** Loading, empty and failed, each said in words. */

import type { ComponentChildren } from 'preact'

import { Problem } from '../../api/client'
import { problemIn } from '../../i18n/refusals'
import type { Loaded } from '../../state/resource'
import { useApp } from '../app'

import { Unlock } from './Unlock'

export function Message({
  title,
  text,
  children,
}: {
  title: string
  text?: string | undefined
  children?: ComponentChildren
}) {
  return (
    <div class="message">
      <p class="message-title">{title}</p>
      {text && <p>{text}</p>}
      {children}
    </div>
  )
}

export function Loading() {
  const { speech } = useApp()
  return (
    <p class="message quiet" role="status">
      {speech.value.say('common.loading')}
    </p>
  )
}

export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  const { speech } = useApp()
  const words = speech.value
  if (error instanceof Problem && error.status === 401) return <Unlock />
  return (
    <div role="alert">
      <Message title={words.say('common.failed')} text={problemIn(words, error)}>
        <button type="button" class="button" onClick={retry}>
          {words.say('common.retry')}
        </button>
      </Message>
    </div>
  )
}

/** The three states that are not the answer; nothing when there is one. */
export function Waiting<T>({ loaded, retry }: { loaded: Loaded<T>; retry: () => void }) {
  if (loaded.state === 'loading') return <Loading />
  if (loaded.state === 'failed') return <Failure error={loaded.error} retry={retry} />
  return null
}
