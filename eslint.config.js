import tseslint from 'typescript-eslint'

const upward = (files, forbidden, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: forbidden, message }] }] },
})

const top = '(index|cli|stream-watcher)\\.js$|/commands/'

export default tseslint.config(
  { ignores: ['dist', '.tap', 'docs/api', 'node_modules', 'coverage', '.venv', 'bench/out'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
    },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['scripts/**', 'bench/**', 'test/**', 'src/cli.ts', 'src/commands/**', 'examples/**'],
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
  upward(
    ['src/errors.ts', 'src/clock.ts', 'src/stop-event.ts', 'src/channel-format.ts', 'src/listen-error.ts'],
    `${top}|/(ring|lsl|logging|workers|server|xdf)/`,
    'the base imports nothing above it',
  ),
  upward(['src/ring/**'], `${top}|/(lsl|logging|workers|server|xdf)/`, 'src/ring is shared memory only'),
  upward(['src/lsl/**'], `${top}|/(ring|logging|workers|server|xdf)/`, 'src/lsl knows the base only'),
  upward(['src/xdf/**'], `${top}|/(ring|logging|workers|server)/`, 'src/xdf knows the base and lsl types only'),
  upward(['src/logging/**'], `${top}|/(ring|lsl|workers|server|xdf)/`, 'src/logging knows the base only'),
  upward(['src/workers/**'], `${top}|/server/`, 'src/workers knows ring, lsl, logging and the base'),
  upward(['src/server/**'], `${top}|/(ring|lsl)/`, 'src/server knows workers, logging and the base'),
  upward(['src/stream-watcher.ts'], '(index|cli)\\.js$|/(commands|server)/', 'the watcher knows workers and below'),
)
