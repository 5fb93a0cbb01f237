import t from 'tap'
import { strictHeader } from '../../src/xdf/strict-header.js'
import { parseStreamHeader } from '../../src/xdf/stream-header.js'
import * as xdf from '../support/xdf/xdf-file.js'

t.test('a header that is strict XML stays as it is', async t => {
  const xml = xdf.headerXml({ name: 'Ω 🧠 &amp; &lt;' })
  t.equal(strictHeader(xml), xml)
  t.equal(strictHeader('no XML at all'), 'no XML at all')
})

t.test('what XML does not have is replaced, and the rest stays', async t => {
  const desc = '<desc><1>x</1><my channel>y</my channel><größe>z</größe><a:b u="&#1;"/></desc>'
  const xml = xdf.headerXml({ name: 'a&#1;b\u001b\ufffe' }).replace('<desc/>', desc)
  const strict = strictHeader(xml)
  t.notMatch(strict, /&#(1|27);|[\u0001\u001b\ufffe]/)
  t.match(strict, /<_1>x<\/_1><my_channel>y<\/my_channel><größe>z<\/größe><a_b u="\ufffd" \/>/)
  t.match(parseStreamHeader(strict), { name: 'a\ufffdb\ufffd\ufffd', channelCount: 1, channelFormat: 'float32' })
  t.equal(strictHeader(strict), strict)
})
