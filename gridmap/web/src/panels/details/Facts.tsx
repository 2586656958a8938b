/** The figures and facts of one thing, by the kind of thing that it is. */

import { hoursInWords } from '../../i18n/hours'
import type { Speech } from '../../i18n/language'
import type { Vocabulary } from '../../i18n/terms'
import type { Key } from '../../i18n/zh'
import type { Detail } from '../../state/data'
import type { SelectableLayer } from '../../state/view'
import { useApp } from '../app'
import { Fact, Figure, Figures } from '../parts/Figures'

interface Line {
  readonly property: string
  readonly label: Key
  readonly unit?: Key
  readonly terms?: Vocabulary
  readonly as?: 'time' | 'area' | 'severity' | 'list' | 'hours' | 'code'
}

const COUNTS: readonly Line[] = [
  { property: 'households', label: 'count.households', unit: 'unit.households' },
  { property: 'residents', label: 'count.residents', unit: 'unit.residents' },
]
const DOSSIERS: Line = { property: 'dossiers', label: 'count.dossiers', unit: 'unit.dossiers' }
const CODE: Line = { property: 'code', label: 'detail.code', as: 'code' }

const FIGURES: Partial<Record<SelectableLayer, readonly Line[]>> = {
  grids: [
    ...COUNTS,
    { property: 'buildings', label: 'count.buildings', unit: 'unit.buildings' },
    { property: 'area_m2', label: 'count.area', as: 'area' },
    DOSSIERS,
  ],
  buildings: [
    ...COUNTS,
    { property: 'units', label: 'count.units', unit: 'unit.units' },
    { property: 'floors', label: 'count.floors', unit: 'unit.floors' },
    { property: 'height_m', label: 'count.height', unit: 'unit.metres' },
    DOSSIERS,
  ],
  streets: [{ property: 'width_m', label: 'detail.width', unit: 'unit.metres' }],
  'resource-points': [{ property: 'capacity', label: 'count.capacity', unit: 'unit.people' }],
}

const FACTS: Record<SelectableLayer, readonly Line[]> = {
  territories: [CODE, { property: 'kind', label: 'detail.kind', terms: 'territory' }],
  grids: [CODE, { property: 'kind', label: 'detail.kind', terms: 'grid' }],
  buildings: [
    { property: 'address', label: 'detail.address' },
    { property: 'usage', label: 'detail.usage', terms: 'usage' },
    CODE,
  ],
  'resource-points': [
    { property: 'category', label: 'detail.category', terms: 'resource' },
    { property: 'organisation', label: 'detail.organisation' },
    { property: 'serves', label: 'detail.serves', terms: 'serves' },
    { property: 'opening_hours', label: 'detail.hours', as: 'hours' },
    { property: 'services', label: 'detail.services', as: 'list' },
    CODE,
  ],
  incidents: [
    { property: 'category', label: 'detail.category', terms: 'incident' },
    { property: 'severity', label: 'detail.severity', as: 'severity' },
    { property: 'state', label: 'detail.state', terms: 'state' },
    { property: 'channel', label: 'detail.channel', terms: 'channel' },
    { property: 'reported_at', label: 'detail.reported', as: 'time' },
    { property: 'due_at', label: 'detail.due', as: 'time' },
    { property: 'closed_at', label: 'detail.closed', as: 'time' },
    CODE,
  ],
  streets: [{ property: 'kind', label: 'detail.kind', terms: 'street' }],
  water: [{ property: 'kind', label: 'detail.kind', terms: 'water' }],
  'land-use': [{ property: 'kind', label: 'detail.kind', terms: 'land' }],
}

export function Facts({ detail }: { detail: Detail }) {
  const { speech } = useApp()
  const words = speech.value
  const { properties } = detail.item
  const { layer } = detail.selection
  const figures = (FIGURES[layer] ?? []).filter(({ property }) => isGiven(properties[property], property))
  const facts = FACTS[layer].filter(({ property }) => isGiven(properties[property], property))
  return (
    <>
      {figures.length > 0 && (
        <Figures>
          {figures.map((line) => (
            <FigureLine key={line.property} line={line} value={Number(properties[line.property])} />
          ))}
        </Figures>
      )}
      <dl class="facts">
        {facts.map((line) => (
          <Fact key={line.property} label={words.say(line.label)}>
            {inWords(properties[line.property], line, words)}
          </Fact>
        ))}
      </dl>
    </>
  )
}

function FigureLine({ line, value }: { line: Line; value: number }) {
  const { speech } = useApp()
  const words = speech.value
  const { number, unit } =
    line.as === 'area'
      ? words.area(value)
      : {
          number: words.number(value, line.property.endsWith('_m') && value % 1 ? 1 : 0),
          unit: line.unit ? words.say(line.unit) : '',
        }
  return <Figure label={words.say(line.label)} name={line.property} number={number} unit={unit} />
}

function inWords(value: unknown, line: Line, words: Speech) {
  if (line.terms) return words.term(line.terms, value)
  switch (line.as) {
    case 'time':
      return words.time(String(value))
    case 'severity':
      return words.say(`severity.${String(value) as '1' | '2' | '3' | '4'}`)
    case 'hours':
      return hoursInWords(String(value), words.language)
    case 'list':
      return (value as readonly string[]).join(words.language === 'zh' ? '、' : ', ')
    case 'code':
      return <span class="number">{String(value)}</span>
    default:
      return String(value)
  }
}

/** Unknown is left out; zero is a number, but a place without dossiers keeps none. */
function isGiven(value: unknown, property: string): boolean {
  if (value === null || value === undefined || value === '') return false
  if (Array.isArray(value)) return value.length > 0
  return !(property === 'dossiers' && value === 0)
}
