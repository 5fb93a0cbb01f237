import tseslint from 'typescript-eslint'

// The rooms of src, lowest first, and what each may import besides the facts and checks beside src/index.ts, which import no room.
const below = {
  system: [],
  python: [],
  ring: ['system'],
  lsl: ['system', 'ring'],
  xdf: ['system', 'lsl'],
  logging: ['system', 'python'],
  workers: ['system', 'ring', 'lsl', 'xdf', 'logging'],
  server: ['system', 'python', 'logging', 'workers'],
  modules: ['system'],
  // The page and the bridge speak the view's wire; the page uses the bridge's connection.
  browser: ['system', 'ring', 'view'],
  view: ['system', 'ring', 'lsl', 'logging', 'workers', 'server', 'modules', 'browser'],
  signal: ['system', 'ring', 'lsl', 'logging', 'workers'],
  testing: ['system', 'ring', 'lsl', 'logging', 'workers', 'signal'],
}
const rooms = [...Object.keys(below), 'recording', 'commands']

/** What a room or a folder of it may not import. ESLint takes the last entry for a file, so each is complete. */
const never = (folder, apart = [], more = {}) => {
  const [room] = folder.split('/')
  const above = rooms.filter(each => each !== room && !below[room].includes(each))
  const patterns = [
    {
      regex: `(^|/)(index|cli${more.mayWatch ? '' : '|stream-watcher'}|xdf)\\.js$|/(${above.join('|')})/`,
      message: `src/${room} imports only what is below it`,
    },
  ]
  if (apart.length > 0) patterns.push({ regex: `/(${apart.join('|')})/`, message: `src/${folder} is apart from these` })
  if (more.isPure) patterns.push({ regex: '^node:(?!buffer)', message: `src/${folder} has no clock and no I/O` })
  const noClock = more.isPure
    ? { 'no-restricted-globals': ['error', 'performance', 'setTimeout', 'setImmediate', 'setInterval'] }
    : {}
  return { files: [`src/${folder}/**`], rules: { 'no-restricted-imports': ['error', { patterns }], ...noClock } }
}

const pure = { isPure: true }

const ONE_SEAM =
  'ask src/system/platform.ts (scripts/platform.js before there is a build), where a test can put another platform'
/** ESLint takes the last entry for a file, so src names it again. */
const platformImport = {
  selector: 'ImportDeclaration[source.value=/^(node:)?(os|process)$/] > ImportSpecifier[imported.name="platform"]',
  message: ONE_SEAM,
}

export default tseslint.config(
  // The examples in TypeScript are of no project here: test/docs-examples.test.ts and the tests of new-module compile them.
  {
    ignores: ['dist', 'build', '.tap', 'node_modules', 'coverage', '.venv', 'bench/out', 'examples/**/*.ts'],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'platform', message: ONE_SEAM }],
      'no-restricted-syntax': ['error', platformImport],
    },
  },
  { files: ['src/system/platform.ts', 'scripts/platform.js'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: [
      'scripts/**',
      'bench/**',
      'test/**',
      'src/bin.ts',
      'src/cli.ts',
      'src/commands/terminal/say.ts',
      'examples/**',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['src/**', 'examples/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        platformImport,
        {
          selector: 'Property[key.name="shell"]:not([value.value=false])',
          message: 'no shell: a command of a client, or its payload, could reach it',
        },
        {
          selector: 'ImportSpecifier[imported.name=/^exec(Sync)?$/]',
          message: 'exec is a shell: use spawn with a list of arguments',
        },
      ],
    },
  },
  {
    files: ['src/*.ts'],
    ignores: ['src/index.ts', 'src/bin.ts', 'src/cli.ts', 'src/stream-watcher.ts', 'src/xdf.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^\\./.*/', message: 'facts and checks import no room' }] },
      ],
    },
  },
  {
    files: ['src/recording/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '(index|cli|xdf)\\.js$|/(commands|server)/',
              message: 'src/recording knows the watcher and below',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/stream-watcher.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/(index|cli|xdf)\\.js$|/(commands|server|recording)/',
              message: 'the watcher knows workers and below',
            },
          ],
        },
      ],
    },
  },
  ...Object.keys(below).map(room => never(room, [], { mayWatch: room === 'view' })),
  never('lsl/liblsl', ['builtin']),
  never('lsl/builtin', ['liblsl']),
  never('logging/wire', ['sender', 'receiver'], pure),
  never('logging/sender', ['receiver']),
  never('logging/receiver', ['sender']),
  never('workers/watcher', ['jobs']),
  never('workers/jobs', ['watcher']),
  never('server/wire', ['logging', 'workers'], pure),
)
