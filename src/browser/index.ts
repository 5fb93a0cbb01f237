/**
 * Streams and markers in a page that is open in a browser, by way of the live page.
 *
 * @module dareplane-utils/browser
 */
export { connect } from './connect.js'
export type { ConnectOptions, Dareplane } from './connect.js'
export type { SocketConstructor, SocketLike } from './link.js'
export type { MarkerChannel } from './marker-channel.js'
export { RingReader } from '../ring/ring-reader.js'
export type { RingHandle } from '../ring/allocate-ring.js'
export type { StreamReader } from './stream-reader.js'
export type { StreamDescription } from '../view/wire/status.js'
export type { OwnedWindow, Window } from '../ring/window.js'
