import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'

export interface WrittenPattern {
  readonly where: string
  readonly pattern: RegExp
}

/** Every regular expression that is written in the sources under `folder`, with the place where it stands. */
export function patternsIn(folder: string): WrittenPattern[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  return files.flatMap(file => {
    const path = join(folder, file)
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest)
    const found: WrittenPattern[] = []
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
        const [, text = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? []
        found.push({ where: `${relative(folder, path)}:${line + 1}`, pattern: new RegExp(text, flags) })
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
    return found
  })
}
