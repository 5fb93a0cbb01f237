/** The platforms that behave differently here; every other Unix behaves as linux does, without /proc. */
export type Platform = 'linux' | 'darwin' | 'windows' | 'unix'

/** What this process runs on. The only place that asks; asked at each call, so that a test can put another in its place. */
export function platform(): Platform {
  const { platform } = process
  if (platform === 'win32') return 'windows'
  return platform === 'linux' || platform === 'darwin' ? platform : 'unix'
}

/** Platform and processor for people, such as 'win32 x64'. */
export function machine(): string {
  return `${process.platform} ${process.arch}`
}
