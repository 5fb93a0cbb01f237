import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import t from 'tap'
import { blocksOf, pages, readPage } from './support/pages.js'
import { projectFolder } from './support/project.js'

// Every command line of `dareplane` on a page has a command that exists, with options that it has and values that they take.

/** The command lines of a shell block, as words; what is behind a # or a pipe is not ours. */
function commandLines(code: string): string[][] {
  return code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map(line => [...line.matchAll(/'([^']*)'|"((?:\\.|[^"])*)"|(#.*$|[|&]+)|(\S+)/g)])
    .map(words => {
      const end = words.findIndex(([, , , stop]) => stop !== undefined)
      return words
        .slice(0, end < 0 ? undefined : end)
        .map(([, single, double, , plain]) => single ?? double ?? plain ?? '')
    })
    .map(words => (words[0] === 'npx' ? words.slice(1) : words))
    .filter(([program]) => program === 'dareplane')
}

async function commandOf(name: string): Promise<Command> {
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const module = (await import(`../src/commands/${name}.js`)) as Record<string, () => Command>
  const make = module[`${camel}Command`]
  if (make === undefined) throw new Error(`src/commands/${name}.ts exports no ${camel}Command`)
  return make()
}

async function faultOf([name = '', ...rest]: readonly string[]): Promise<string | undefined> {
  if (name === '' || name.startsWith('-')) return undefined
  if (!existsSync(join(projectFolder, 'src', 'commands', `${name}.ts`))) return `no command ${name}`
  let command = await commandOf(name)
  const sub = command.commands.find(each => each.name() === rest[0])
  if (sub !== undefined) command = sub
  else if (command.commands.length > 0) return `${name} has no command ${String(rest[0])}`
  command.exitOverride().configureOutput({ writeErr: () => undefined })
  try {
    const { unknown } = command.parseOptions(sub === undefined ? rest : rest.slice(1))
    return unknown.length === 0 ? undefined : `${name} does not know ${unknown.join(' ')}`
  } catch (error) {
    return String(error)
  }
}

t.test('a wrong command, option or value is found', async t => {
  t.same(commandLines("npx dareplane send 8080 'START|{}' # it\nls | dareplane x"), [
    ['dareplane', 'send', '8080', 'START|{}'],
  ])
  t.match(await faultOf(['stir']), /no command stir/)
  t.match(await faultOf(['outlet', '--colour', 'red']), /--colour/)
  t.match(await faultOf(['outlet', '--rate', 'fast']), /fast/)
  t.match(await faultOf(['xdf', 'burn']), /burn/)
  t.equal(await faultOf(['xdf', 'info', 'a.xdf']), undefined)
})

for (const page of pages) {
  const lines = blocksOf(page, readPage(page))
    .filter(({ language }) => language === 'sh')
    .flatMap(({ where, code }) => commandLines(code).map(([, ...words]) => ({ where, words })))
  if (lines.length === 0) continue
  t.test(`the commands of ${page} exist`, async t => {
    for (const { where, words } of lines) t.equal(await faultOf(words), undefined, `${where}: ${words.join(' ')}`)
  })
}
