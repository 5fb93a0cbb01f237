/**
 * The live page, served by a program.
 *
 * @module dareplane-utils/view
 */
import '../require-node.js'

export { startView } from './serve.js'
export type { View } from './serve.js'
export type { ViewOptions } from './view-options.js'
