/*
 * XDF 1.0, the format of LabRecorder (https://github.com/sccn/xdf/wiki/Specifications). All numbers are little-endian.
 *
 *   file      | 'XDF:' | chunk | chunk | ...
 *   chunk     | length: 1, 4 or 8 | that many bytes | tag: 2 bytes | content |      the length counts the tag and the content
 *   content   | stream id: 4 bytes | ... |                                          of all but file header and boundary
 *   samples   | stream id | count: 1, 4 or 8 | that many bytes | sample | sample | ...
 *   sample    | 0 or 8 | stamp, if 8 | values |                                     without a stamp: the last one and one period
 *   text      | length: 1, 4 or 8 | that many bytes | UTF-8 |                       a value of a string stream
 */

export const MAGIC = 'XDF:'

/** The chunk tags. */
export const TAG = {
  fileHeader: 1,
  streamHeader: 2,
  samples: 3,
  clockOffset: 4,
  boundary: 5,
  streamFooter: 6,
} as const

export const TAG_BYTES = 2
export const STREAM_ID_BYTES = 4
export const STAMP_BYTES = 8

/** The content of a boundary chunk: bytes that one can look for where the chunks around them are damaged. */
export const BOUNDARY = Buffer.from('43a546dccbf5410fb30ed5467383cbe4', 'hex')

/** How the document of a stream header begins. */
export const XML_START = '<?xml'
