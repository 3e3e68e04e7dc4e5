import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import i18next from 'i18next';
import { useState } from 'react';
import { initReactI18next } from 'react-i18next';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import common from '../i18n/texts.en.json';
import { focusError } from './focus-first';
import { check, type FieldError, type JsonSchema, type Values } from './schema';
import { SchemaForm } from './schema-form';

beforeAll(() =>
  i18next.use(initReactI18next).init({
    lng: 'en',
    resources: { en: { common } },
    defaultNS: 'common',
    interpolation: { escapeValue: false },
  }),
);

const schema: JsonSchema = {
  type: 'object',
  required: ['note'],
  properties: {
    note: { type: 'string', format: 'textarea', title: 'Note', description: 'What was done' },
    count: { type: 'integer', title: 'Count', minimum: 0 },
    done: { type: 'boolean', title: 'Done' },
    reason: { type: 'string', title: 'Reason', oneOf: [{ const: 'x', title: 'Ex' }] },
    who: { type: 'string', title: 'Who', format: 'ref-user' },
  },
};

function Form({ onChange, errors = [] }: { onChange?: (values: Values) => void; errors?: FieldError[] }) {
  const [values, setValues] = useState<Values>({});
  return (
    <QueryClientProvider client={new QueryClient()}>
      <SchemaForm
        schema={schema}
        layout={{ sections: [{ label: 'First', fields: ['done', 'note'] }] }}
        values={values}
        errors={errors}
        onChange={(next) => {
          setValues(next);
          onChange?.(next);
        }}
      />
    </QueryClientProvider>
  );
}

describe('SchemaForm', () => {
  it('draws every field with its label, in the order of the layout', () => {
    render(<Form />);
    for (const label of ['Note', 'Count', 'Done', 'Reason', 'Who'])
      expect(screen.getByLabelText(new RegExp(`^${label}`))).toBeTruthy();
    const labels = [...document.querySelectorAll('label')].map((it) => it.textContent?.replace('*', ''));
    expect(labels).toEqual(['Done', 'Note', 'Count', 'Reason', 'Who']);
    expect(screen.getByRole('region', { name: 'First' })).toBeTruthy();
  });
  it('shows a number that is no moment as it is, and lets it be mended', () => {
    const onChange = vi.fn();
    const moment: JsonSchema = { properties: { at: { type: 'integer', format: 'instant', title: 'When' } } };
    for (const at of [1e18, -1e18]) {
      const { container, unmount } = render(
        <SchemaForm schema={moment} values={{ at }} errors={[]} onChange={onChange} />,
      );
      expect(container.textContent).toContain(`'${at}' is no time`);
      fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
      expect(onChange).toHaveBeenLastCalledWith({ at: undefined });
      unmount();
    }
  });
  it('marks what the schema requires, and nothing else', () => {
    render(<Form />);
    const marked = [...document.querySelectorAll('label')].filter((it) => it.textContent?.endsWith('*'));
    expect(marked.map((it) => it.textContent)).toEqual(['Note*']);
    expect(screen.getByLabelText(/^Note/).getAttribute('aria-required')).toBe('true');
    expect(screen.getByLabelText(/^Count/).getAttribute('aria-required')).toBeNull();
  });
  it('passes on what is typed', () => {
    const onChange = vi.fn();
    render(<Form onChange={onChange} />);
    fireEvent.change(screen.getByLabelText(/^Note/), { target: { value: 'hello' } });
    fireEvent.click(screen.getByRole('switch'));
    expect(onChange).toHaveBeenLastCalledWith({ note: 'hello', done: true });
  });
  it('ties help and error to the input', () => {
    render(<Form errors={check(schema, {})} />);
    const input = screen.getByLabelText(/^Note/);
    expect(input.getAttribute('aria-invalid')).toBe('true');
    const described = (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent);
    expect(described).toEqual(['What was done', 'Note is needed']);
  });
  it('asks no more for what has been filled in, until it is looked at again', () => {
    const errors = check(schema, {});
    const { rerender } = render(<Form errors={errors} />);
    const note = () => screen.getByLabelText(/^Note/);
    expect(screen.queryByText('Note is needed')).not.toBeNull();
    fireEvent.change(note(), { target: { value: 'he' } });
    expect(screen.queryByText('Note is needed')).toBeNull();
    expect(note().getAttribute('aria-invalid')).toBeNull();
    rerender(<Form errors={[...errors]} />);
    expect(screen.queryByText('Note is needed')).not.toBeNull();
  });
  it('shows what is not written here as text', () => {
    const properties: JsonSchema['properties'] = {
      stars: { type: 'integer', title: 'Stars', minimum: 1, maximum: 5, readOnly: true },
      why: { type: 'string', title: 'Why', oneOf: [{ const: 'x', title: 'Ex' }], readOnly: true },
      pin: { type: 'string', title: 'Pin', writeOnly: true, readOnly: true },
    };
    const values = { stars: 4, why: 'x', pin: '1234' };
    const { container } = render(
      <SchemaForm schema={{ properties }} values={values} errors={[]} onChange={vi.fn()} />,
    );
    const shown = ['Stars', 'Why', 'Pin'].map((it) => screen.getByLabelText(it).textContent);
    expect(shown).toEqual(['4 / 5', 'Ex', '••••']);
    expect(container.querySelector('input, [role="combobox"]')).toBeNull();
  });
  it('shows the words of the server', () => {
    render(<Form errors={[{ name: 'count', key: 'said', said: 'Too many' }]} />);
    expect(screen.getByText('Too many')).toBeTruthy();
  });
  it('keeps a number that is out of bounds, to say so beside it', () => {
    const onChange = vi.fn();
    render(<Form onChange={onChange} />);
    const input = screen.getByLabelText(/^Count/);
    fireEvent.change(input, { target: { value: '-3' } });
    fireEvent.blur(input);
    expect(onChange).toHaveBeenLastCalledWith({ count: -3 });
    expect(check(schema, { note: 'x', count: -3 })).toEqual([{ name: 'count', key: 'minimum', count: 0 }]);
  });
  it('brings the first field with an error into focus', () => {
    const { container } = render(<Form errors={[{ name: 'who', key: 'required' }]} />);
    expect(focusError(container)).toBe(true);
    expect(document.activeElement).toBe(screen.getByLabelText(/^Who/));
    expect(focusError(document.createElement('div'))).toBe(false);
  });
});
