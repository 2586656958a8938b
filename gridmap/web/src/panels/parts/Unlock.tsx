/** Asks for the token of the service, and opens the page again with what it opens. */

import { useSignal } from '@preact/signals'

import { Problem } from '../../api/client'
import { openSession } from '../../api/session'
import { problemIn } from '../../i18n/refusals'
import { useApp } from '../app'
import { Field } from '../plans/Field'

import { Message } from './Message'

export function Unlock() {
  const { speech } = useApp()
  const words = speech.value
  const token = useSignal('')
  const refused = useSignal<unknown>(null)
  const open = async () => {
    try {
      await openSession(token.value.trim())
      location.reload()
    } catch (error) {
      refused.value = error
    }
  }
  const isWrong = refused.value instanceof Problem && refused.value.status === 401
  return (
    <Message title={words.say('access.title')} text={words.say('access.text')}>
      <form
        class="unlock"
        onSubmit={(event) => {
          event.preventDefault()
          void open()
        }}
      >
        <Field label={words.say('access.token')} name="token" type="password" value={token} required />
        {refused.value !== null && (
          <p class="off" role="alert">
            {isWrong ? words.say('access.wrong') : problemIn(words, refused.value)}
          </p>
        )}
        <button type="submit" class="button primary" data-do="unlock">
          {words.say('access.open')}
        </button>
      </form>
    </Message>
  )
}
