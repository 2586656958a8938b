/** Who is responsible, by role. */

import type { Located, Responsible as Person } from '../../api/nouns'
import type { Detail } from '../../state/data'
import { useApp } from '../app'

export function Responsible({ detail, located }: { detail: Detail; located: Located }) {
  const { speech } = useApp()
  const words = speech.value
  const { layer } = detail.selection
  if (layer !== 'grids' && layer !== 'buildings') return null
  const own = detail.item.properties['code']
  const people = located.responsible.filter((person) => isOf(person, detail))
  return (
    <section class="responsible" aria-labelledby="responsible-title">
      <h3 id="responsible-title">{words.say('detail.responsible')}</h3>
      {people.length === 0 ? (
        <p class="quiet">{words.say('detail.responsible.none')}</p>
      ) : (
        <ul class="rows">
          {people.map((person, i) => (
            <li key={`${person.role}/${person.name}/${i}`}>
              {person.name && <span>{person.name}</span>}
              <small>
                {words.label({ name: person.role_name, name_en: person.role_name_en })}
                {person.target.code === own ? '' : ` · ${words.name(person.target)}`}
              </small>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/**
 * The people were asked for at one point. For a building they are all its own; for a grid those
 * below it are of one small part only, and those of another network are somebody else's.
 */
function isOf({ target }: Person, { item, selection }: Detail): boolean {
  if (selection.layer === 'buildings') return true
  const { network, level } = item.properties
  return target.kind === 'grid' && target.network === network && (target.level ?? 0) <= Number(level)
}
