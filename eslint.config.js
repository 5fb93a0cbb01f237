import tseslint from 'typescript-eslint'
import { PURE, rooms } from './scripts/lint/rooms.js'

const ONE_SEAM =
  'ask src/system/platform.ts (scripts/platform.js before there is a build), where a test can put another platform'
/** ESLint takes the last entry for a file, so src names it again. */
const platformImport = {
  selector:
    'ImportDeclaration[source.value=/^(node:)?(os|process)$/] > :matches(ImportSpecifier[imported.name=/^(platform|type)$/], ImportDefaultSpecifier, ImportNamespaceSpecifier)',
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
  { files: ['src/**'], plugins: { own: { rules: { rooms } } }, rules: { 'own/rooms': 'error' } },
  {
    files: PURE.map(folder => `src/${folder}/**`),
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'performance',
        'setTimeout',
        'setImmediate',
        'setInterval',
        'fetch',
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'NewExpression[callee.name="Date"][arguments.length=0], MemberExpression[object.name="Date"][property.name="now"]',
          message: 'no clock: the time is an argument',
        },
      ],
    },
  },
)
