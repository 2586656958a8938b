/**
 * A text field with suggestions, by the ARIA pattern "combobox with listbox popup".
 *
 * The field keeps its own text: a program that writes into it while somebody types, or while an input
 * method composes Chinese, loses characters.
 */

import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'

import { Icon } from './Icon'

export interface ComboboxWords {
  readonly label: string
  readonly results: string
  readonly clear: string
}

export function Combobox<T>({
  words,
  items,
  isFresh,
  keyOf,
  textOf,
  message,
  typed,
  taken,
  children,
}: {
  words: ComboboxWords
  items: readonly T[]
  /** Whether the items answer what is typed; Enter waits for them otherwise. */
  isFresh: boolean
  keyOf: (item: T) => string
  /** What the field says after an item was taken. */
  textOf: (item: T) => string
  /** What is said in the place of items. */
  message: string | null
  typed: (text: string) => void
  taken: (item: T) => void
  children: (item: T) => ComponentChildren
}) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const isOpen = useSignal(false)
  const isEmpty = useSignal(true)
  const active = useSignal(0)
  const wantsFirst = useRef(false)
  const shown = isOpen.value && items.length > 0
  const current = Math.min(active.value, items.length - 1)

  const type = (text: string) => {
    isEmpty.value = text === ''
    active.value = 0
    wantsFirst.current = false
    isOpen.value = text.trim() !== ''
    typed(text)
  }
  const take = (item: T | undefined) => {
    if (item === undefined) return
    isOpen.value = false
    if (input.current) input.current.value = textOf(item)
    isEmpty.value = false
    taken(item)
  }
  useEffect(() => {
    if (!isFresh || !wantsFirst.current) return
    wantsFirst.current = false
    take(items[0])
  }, [isFresh, items])
  const clear = () => {
    if (input.current) input.current.value = ''
    type('')
    input.current?.focus()
  }
  const step = (by: number) => {
    if (!shown) {
      isOpen.value = !isEmpty.value
      return
    }
    active.value = (current + by + items.length) % items.length
    list.current?.children[active.value]?.scrollIntoView({ block: 'nearest' })
  }
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return
    if (event.key === 'ArrowDown') step(1)
    else if (event.key === 'ArrowUp') step(-1)
    else if (event.key === 'Enter' && !isFresh && !isEmpty.value) wantsFirst.current = true
    else if (event.key === 'Enter' && shown) take(items[current])
    else if (event.key === 'Escape' && isOpen.value) isOpen.value = false
    else if (event.key === 'Escape' && !isEmpty.value) clear()
    else return
    event.preventDefault()
  }

  return (
    <div class="search" role="search">
      <div class="search-box">
        <Icon name="search" size={20} />
        <input
          ref={input}
          class="search-input"
          type="text"
          role="combobox"
          aria-label={words.label}
          aria-autocomplete="list"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-activedescendant={shown ? `${id}-${current}` : undefined}
          placeholder={words.label}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="search"
          onInput={(event) => {
            if (!event.isComposing) type(event.currentTarget.value)
          }}
          onCompositionEnd={(event) => type(event.currentTarget.value)}
          onKeyDown={press}
          onFocus={() => {
            isOpen.value = !isEmpty.value && items.length > 0
          }}
          onBlur={() => {
            isOpen.value = false
          }}
        />
        {!isEmpty.value && (
          <button type="button" class="icon-button" aria-label={words.clear} onClick={clear}>
            <Icon name="close" size={18} />
          </button>
        )}
      </div>
      <ul
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={words.results}
        class="search-results"
        hidden={!shown}
        // The field keeps the focus while a finger or mouse chooses.
        onMouseDown={(event) => event.preventDefault()}
      >
        {items.map((item, i) => (
          <li
            key={keyOf(item)}
            id={`${id}-${i}`}
            role="option"
            class="search-result"
            aria-selected={i === current}
            onClick={() => take(item)}
          >
            {children(item)}
          </li>
        ))}
      </ul>
      <p class="search-message" role="status" hidden={!isOpen.value || !message}>
        {isOpen.value && message}
      </p>
    </div>
  )
}
