import { platform } from '../../../system/platform.js'
import { PosixTree } from './posix-tree.js'
import type { ProcessTree } from './process-tree.js'
import { WindowsTree, jobObjects } from './windows-tree.js'

/** The processes that descend from `pid`, which has just been started with `mark` in its environment. */
export function openTree(pid: number, mark: string): ProcessTree {
  return platform() === 'windows' ? new WindowsTree(pid, jobObjects()) : new PosixTree(pid, mark)
}
