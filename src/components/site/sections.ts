/** The links of the main navigation, the same on every page. SiteNav.astro has room for eight. */
export const sections = [
  { href: '/', label: '首页' },
  { href: '/stories/', label: '活动故事' },
  { href: '/examples/', label: '先进典型' },
  { href: '/activities/', label: '七大活动' },
  { href: '/wishes/', label: '微心愿' },
  { href: '/units/', label: '单位' },
  { href: '/years/', label: '年度' },
  { href: '/notices/', label: '通知' },
] as const;

/** Sections of the site that are not in the main navigation. */
const otherSections = [
  { href: '/summaries/', label: '年度总结' },
  { href: '/search/', label: '搜索' },
] as const;

/** Returns the section that a path belongs to; undefined if there is none. */
export function sectionOf(path: string): { href: string; label: string } | undefined {
  return [...sections, ...otherSections].find(({ href }) => (href === '/' ? path === '/' : path.startsWith(href)));
}
