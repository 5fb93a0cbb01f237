import type { JSX } from 'preact'
import type { CommandField } from '../../wire/status.js'
import { Select } from '../select.js'
import type { FormValues } from '../../words/form-values.js'

/** The arguments of a command, a field each. No key in them sends anything. */
export function Fields({
  fields,
  values,
  fill,
}: {
  readonly fields: readonly CommandField[]
  readonly values: FormValues
  readonly fill: (values: FormValues) => void
}): JSX.Element | null {
  if (fields.length === 0) return null
  return (
    <div class={`fields ${fields.length === 1 ? 'one' : ''}`}>
      {fields.map(field => (
        <label key={field.name} class="field" title={field.description ?? field.name}>
          <span>{field.name}</span>
          <Input
            field={field}
            value={values[field.name] ?? field.initial ?? ''}
            change={value => fill({ ...values, [field.name]: value })}
          />
          {field.unit !== undefined && <i>{field.unit}</i>}
        </label>
      ))}
    </div>
  )
}

function Input({
  field: { kind, choices = [], isRequired },
  value,
  change,
}: {
  readonly field: CommandField
  readonly value: string
  readonly change: (value: string) => void
}): JSX.Element {
  if (kind === 'flag')
    return (
      <input
        type="checkbox"
        checked={value === 'true'}
        onChange={({ currentTarget: { checked } }) => change(String(checked))}
      />
    )
  if (kind === 'choice')
    return (
      <Select
        value={value}
        options={[...(value === '' ? [['', '–'] as const] : []), ...choices.map(each => [each, each] as const)]}
        choose={change}
      />
    )
  return (
    <input
      type="text"
      autocomplete="off"
      inputMode={kind === 'number' ? 'decimal' : kind === 'integer' ? 'numeric' : 'text'}
      value={value}
      placeholder={isRequired ? 'needed' : 'default'}
      spellcheck={false}
      onInput={({ currentTarget }) => change(currentTarget.value)}
    />
  )
}
