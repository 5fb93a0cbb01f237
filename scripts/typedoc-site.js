// A plugin of typedoc. The API is grouped under the headings of src/index.ts, in their order; pages are called as their first heading says.
import { readFileSync } from 'node:fs'
import { CommentTag, Converter } from 'typedoc'

/** Each exported name with the heading above it: a comment of one line, after an empty one. */
function headings(file) {
  const of = new Map()
  let heading = ''
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    heading = /^\/\/ ([A-Z][\w ]*)$/.exec(line)?.[1] ?? heading
    if (!line.startsWith('//'))
      for (const [name] of line.replace(/from .*/, '').matchAll(/\b[A-Za-z_]\w*/g)) of.set(name, heading)
  }
  return of
}

export function load(app) {
  const of = headings(new URL('../src/index.ts', import.meta.url))
  app.on('bootstrapEnd', () => app.options.setValue('groupOrder', [...new Set(of.values())].filter(Boolean)))
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, context => {
    const main = context.project.children?.find(({ sources }) => sources?.[0]?.fileName.endsWith('src/index.ts'))
    for (const { comment, signatures, name } of main?.children ?? []) {
      const heading = of.get(name)
      const documented = comment ?? signatures?.[0]?.comment
      if (heading) documented?.blockTags.push(new CommentTag('@group', [{ kind: 'text', text: heading }]))
    }
  })
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    document.name = takeTitle(document.content) ?? document.name
  })
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => takeTitle(project.readme ?? []))
}

/** Takes the first heading out of a text, since typedoc writes the name above it. */
function takeTitle([first]) {
  const [line, title] = /^\s*# (.*)\n/.exec(first?.text ?? '') ?? []
  if (title !== undefined) first.text = first.text.slice(line.length)
  return title
}
