/** The words of what is read with a token only. */

export const accessZh = {
  'access.title': '查看这些内容需要口令',
  'access.text': '事件的确切位置、由此得出的热点和人员资料，只对持有本服务口令的人开放。关闭浏览器后口令失效。',
  'access.token': '口令',
  'access.open': '打开',
  'access.wrong': '口令不对。',
} as const

export const accessEn: Readonly<Record<keyof typeof accessZh, string>> = {
  'access.title': 'This is read with the token',
  'access.text':
    'Where incidents happened, the hotspots that follow from it, and staff are open to whoever has the token of this service. It is forgotten when the browser is closed.',
  'access.token': 'Token',
  'access.open': 'Open',
  'access.wrong': 'The token is not the one of this service.',
}
