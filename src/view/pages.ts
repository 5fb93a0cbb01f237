import type { IncomingMessage, ServerResponse } from 'node:http'
import sirv from 'sirv'
import { packageFile } from '../system/package-file.js'

/** The bundled page and bridge, where the build puts them. */
const ASSETS = packageFile('dist/view/assets')
/** Where a folder of the user's own is served. */
const FOLDER = '/serve/'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Serves the page and, under /serve/, a folder of paradigms; both cross-origin isolated, so that they have shared memory. */
export function pages(folder: string | undefined): Handler {
  const notFound = (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n')
  }
  const assets = sirv(ASSETS, { dev: true, etag: true, onNoMatch: notFound })
  const own = folder === undefined ? undefined : sirv(folder, { dev: true, onNoMatch: notFound })
  return (request, response) => {
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
    response.setHeader('cross-origin-resource-policy', 'same-origin')
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('referrer-policy', 'no-referrer')
    response.setHeader('cache-control', 'no-cache')
    if (own !== undefined && request.url?.startsWith(FOLDER) === true) {
      // Files that the user serves, such as a paradigm, have no Content-Security-Policy of ours.
      request.url = request.url.slice(FOLDER.length - 1)
      own(request, response, () => notFound(request, response))
      return
    }
    response.setHeader('content-security-policy', POLICY)
    assets(request, response, () => notFound(request, response))
  }
}
