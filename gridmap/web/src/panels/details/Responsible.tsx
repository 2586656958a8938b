/** Who is responsible, by role. */

import type { Responsible as Person } from '../../api/nouns'
import { useApp } from '../app'

export function Responsible({ people }: { people: readonly Person[] }) {
  const { speech } = useApp()
  const words = speech.value
  return (
    <section class="responsible" aria-labelledby="responsible-title">
      <h3 id="responsible-title">{words.say('detail.responsible')}</h3>
      {people.length === 0 ? (
        <p class="quiet">{words.say('detail.responsible.none')}</p>
      ) : (
        <ul class="rows">
          {people.map((person, i) => (
            <li key={`${person.role}/${person.name}/${i}`}>
              <span>{person.name}</span>
              <small>
                {(words.language === 'en' && person.role_name_en) || person.role_name}
                {person.target.name ? ` · ${person.target.name}` : ''}
              </small>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
