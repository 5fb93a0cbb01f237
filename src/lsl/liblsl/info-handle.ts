import { DareplaneError } from '../../errors.js'
import { StreamInfo } from '../stream-info.js'
import type { Library } from './library.js'
import type { Handle } from './prototypes.js'

/** The description behind a native handle, which is destroyed. */
export function takeInfo(library: Library, handle: Handle): StreamInfo {
  try {
    return StreamInfo.fromXml(library.fn('lsl_get_xml')(handle))
  } finally {
    library.fn('lsl_destroy_streaminfo')(handle)
  }
}

/** Calls `use` with a native description of `info`, which is destroyed afterwards. */
export function withNativeInfo<T>(library: Library, info: StreamInfo, use: (handle: Handle) => T): T {
  // liblsl refuses a document without a uid, and gives every outlet a new one anyway.
  const xml = new StreamInfo({ ...info.fields, uid: info.uid || 'none' }).asXml()
  const handle = library.fn('lsl_streaminfo_from_xml')(xml)
  if (handle === null) throw new DareplaneError('ERR_LIBLSL', `liblsl refuses the description of ${info.toString()}`)
  try {
    return use(handle)
  } finally {
    library.fn('lsl_destroy_streaminfo')(handle)
  }
}
