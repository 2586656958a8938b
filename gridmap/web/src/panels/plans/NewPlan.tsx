/** A new draft: of another plan, of the territory or its blocks, or of a file. */

import { useSignal, type Signal } from '@preact/signals'
import { useId } from 'preact/hooks'

import type { Plan } from '../../api/plans'
import type { Key } from '../../i18n/zh'
import type { Cut } from '../../state/data'
import { useApp } from '../app'

import { Field } from './Field'
import { NoticeBox } from './NoticeBox'

const SOURCES = ['plan', 'territory', 'blocks', 'file'] as const
type Source = (typeof SOURCES)[number]
const GIVEN = ['nobody', 'one', 'each'] as const

export function NewPlan({ cut, listed }: { cut: Cut; listed: readonly Plan[] }) {
  const { plans, documents, speech } = useApp()
  const words = speech.value
  const own = listed.filter((plan) => plan.network === cut.network.key)
  const first = own.find((plan) => plan.in_force) ?? own[0]
  const name = useSignal('')
  const source = useSignal<Source>(first ? 'plan' : 'blocks')
  const base = useSignal('')
  const given = useSignal<string>('nobody')
  const file = useSignal<File | null>(null)
  const make = () => {
    const said = name.value.trim()
    const from = source.value
    if (from === 'plan') void plans.make(Number(base.value) || (first?.id ?? 0), said)
    else if (from !== 'file') void documents.makeOf(from, given.value, cut.network.key, said)
    else if (file.value) void documents.importFile(file.value, cut.network.key, said)
  }
  return (
    <form
      class="plan-form"
      data-form="new-plan"
      aria-label={words.say('plan.new')}
      onSubmit={(event) => {
        event.preventDefault()
        if (name.value.trim()) make()
      }}
    >
      <h3>{words.say('plan.new')}</h3>
      <Select
        label={words.say('plan.source')}
        name="source"
        value={source as Signal<string>}
        options={SOURCES.filter((item) => item !== 'plan' || first).map((item) => [
          item,
          words.say(`plan.source.${item}` as Key),
        ])}
      />
      {source.value === 'plan' && first && (
        <Select
          label={words.say('plan.source.base')}
          name="base"
          value={base}
          shown={base.value || String(first.id)}
          options={own.map((plan) => [
            String(plan.id),
            `${plan.name} · ${words.say(`plan.state.${plan.state}`)}`,
          ])}
        />
      )}
      {(source.value === 'blocks' || source.value === 'territory') && (
        <Select
          label={words.say('plan.source.given')}
          name="given"
          value={given}
          options={GIVEN.filter((item) => item !== 'each' || source.value === 'blocks').map((item) => [
            item,
            words.say(`plan.given.${item}`),
          ])}
        />
      )}
      {source.value === 'file' && <Upload file={file} />}
      <Field label={words.say('plan.new.name')} name="draft-name" value={name} required />
      <Field
        label={words.say('plan.actor')}
        hint={words.say('plan.actor.hint')}
        name="actor"
        value={plans.actor}
      />
      <NoticeBox />
      {plans.isBusy.value && <p role="status">{words.say('plan.source.working')}</p>}
      <button
        type="submit"
        class="button primary"
        disabled={plans.isBusy.value || (source.value === 'file' && !file.value)}
      >
        {words.say('plan.new.make')}
      </button>
    </form>
  )
}

function Select({
  label,
  name,
  value,
  shown,
  options,
}: {
  label: string
  name: string
  value: Signal<string>
  shown?: string
  options: readonly (readonly [value: string, label: string])[]
}) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        value={shown ?? value.value}
        onChange={(event) => {
          value.value = event.currentTarget.value
        }}
      >
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}

function Upload({ file }: { file: Signal<File | null> }) {
  const { speech } = useApp()
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{speech.value.say('plan.source.file.label')}</label>
      <input
        id={id}
        type="file"
        name="file"
        onChange={(event) => {
          file.value = event.currentTarget.files?.[0] ?? null
        }}
      />
    </div>
  )
}
