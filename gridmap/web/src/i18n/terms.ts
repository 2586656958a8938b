/** Values of the data in both languages; a value that is not listed is shown as it is. */

import type { Language } from '../state/view'

type Words = Readonly<Record<string, readonly [zh: string, en: string]>>

export const TERMS = {
  usage: {
    residential: ['住宅', 'Residential'],
    'village-house': ['村居', 'Village house'],
    commercial: ['商业', 'Commercial'],
    office: ['办公', 'Office'],
    public: ['公共服务', 'Public'],
    school: ['学校', 'School'],
    hospital: ['医院', 'Hospital'],
    industrial: ['工业', 'Industrial'],
  },
  resource: {
    'service-centre': ['党群服务中心', 'Service centre'],
    station: ['网格驿站', 'Station'],
    'police-post': ['警务室', 'Police post'],
    'legal-aid': ['法律援助', 'Legal aid'],
    'mediation-room': ['调解室', 'Mediation room'],
    deliberation: ['议事点', 'Deliberation place'],
    clinic: ['卫生服务站', 'Clinic'],
    aed: ['AED 急救设备', 'AED'],
    hydrant: ['消火栓', 'Hydrant'],
    partner: ['共建单位', 'Partner organisation'],
    enterprise: ['企业', 'Enterprise'],
    school: ['学校', 'School'],
    shelter: ['应急避难场所', 'Shelter'],
    market: ['市场', 'Market'],
    library: ['书屋', 'Library'],
    'elderly-care': ['养老服务', 'Elderly care'],
  },
  incident: {
    dispute: ['矛盾纠纷', 'Dispute'],
    hazard: ['安全隐患', 'Hazard'],
    environment: ['环境卫生', 'Environment'],
    facility: ['公共设施', 'Facility'],
    order: ['市容秩序', 'Public order'],
    service: ['便民服务', 'Service'],
    traffic: ['交通出行', 'Traffic'],
    fire: ['消防', 'Fire'],
  },
  state: {
    reported: ['已上报', 'Reported'],
    accepted: ['已受理', 'Accepted'],
    dispatched: ['已派单', 'Dispatched'],
    'in progress': ['处理中', 'In progress'],
    resolved: ['已处置', 'Resolved'],
    verified: ['已核查', 'Verified'],
    closed: ['已办结', 'Closed'],
    rejected: ['不予受理', 'Rejected'],
  },
  channel: {
    patrol: ['网格巡查', 'Patrol'],
    hotline: ['12345 热线', 'Hotline 12345'],
    resident: ['居民上报', 'Resident'],
    courier: ['快递外卖员上报', 'Courier'],
    'walk-in': ['来访', 'Walk-in'],
  },
  layer: {
    territories: ['辖区', 'Territory'],
    grids: ['网格', 'Grid'],
    'micro-grids': ['微网格', 'Micro-grid'],
    buildings: ['楼栋', 'Building'],
    'resource-points': ['资源点', 'Resource point'],
    incidents: ['事件', 'Incident'],
    streets: ['道路', 'Street'],
    water: ['水系', 'Water'],
    'land-use': ['用地', 'Land use'],
  },
  territory: {
    county: ['县区', 'County'],
    street: ['街道', 'Street'],
    town: ['镇', 'Town'],
    community: ['社区', 'Community'],
    village: ['村', 'Village'],
  },
  grid: {
    comprehensive: ['综合网格', 'Comprehensive'],
    special: ['专属网格', 'Special'],
  },
  street: {
    motorway: ['快速路', 'Motorway'],
    arterial: ['主干道', 'Arterial'],
    street: ['街道', 'Street'],
    lane: ['巷道', 'Lane'],
    path: ['小路', 'Path'],
    railway: ['铁路', 'Railway'],
  },
  water: {
    river: ['河流', 'River'],
    canal: ['渠', 'Canal'],
    lake: ['湖泊', 'Lake'],
    pond: ['池塘', 'Pond'],
    sea: ['海', 'Sea'],
  },
  land: {
    residential: ['居住', 'Residential'],
    commercial: ['商业', 'Commercial'],
    industrial: ['工业', 'Industrial'],
    park: ['公园绿地', 'Park'],
    farmland: ['农田', 'Farmland'],
    forest: ['林地', 'Woods'],
    school: ['学校', 'School'],
    hospital: ['医院', 'Hospital'],
    square: ['广场', 'Square'],
    village: ['村庄', 'Village'],
    government: ['行政', 'Government'],
    orchard: ['果园', 'Orchard'],
  },
  serves: {
    street: ['街道', 'Street'],
    community: ['社区', 'Community'],
    grid: ['网格', 'Grid'],
    'micro-grid': ['微网格', 'Micro-grid'],
    building: ['楼栋', 'Building'],
  },
  role: {
    'grid-head': ['网格长', 'grid head'],
    'grid-worker': ['网格员', 'grid worker'],
    'micro-grid-worker': ['微网格员', 'micro-grid worker'],
    'building-head': ['楼栋长', 'building head'],
    'unit-head': ['单元长', 'unit head'],
    'enforcement-officer': ['执法队员', 'enforcement officer'],
    'police-officer': ['民警', 'police officer'],
    mediator: ['调解员', 'mediator'],
    'medical-worker': ['医务工作者', 'medical worker'],
    volunteer: ['志愿者', 'volunteer'],
    'lane-head': ['街巷长', 'lane head'],
    'party-branch-secretary': ['网格党支部书记', 'party branch secretary'],
    'building-group-head': ['楼栋党小组组长', 'building group head'],
    'resident-group-head': ['居民小组长', 'resident group head'],
  },
  /** What posts are for, with its measure word. */
  targets: {
    building: ['栋楼', 'buildings'],
    unit: ['个单元', 'units'],
    street: ['条街巷', 'streets'],
    point: ['个资源点', 'resource points'],
  },
} as const satisfies Readonly<Record<string, Words>>

export type Vocabulary = keyof typeof TERMS

export function term(vocabulary: Vocabulary, value: string, language: Language): string {
  const words: Words = TERMS[vocabulary]
  return words[value]?.[language === 'zh' ? 0 : 1] ?? value
}
