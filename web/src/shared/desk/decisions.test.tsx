import { render } from '@testing-library/react';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Decision } from '../../api/types';
import { Decisions } from './decisions';
import en from './texts.en.json';
import zh from './texts.zh.json';

beforeAll(() =>
  i18next.use(initReactI18next).init({
    lng: 'zh',
    resources: { zh: { desk: zh }, en: { desk: en } },
    interpolation: { escapeValue: false },
  }),
);

const priority: Decision = {
  decision: 'priority',
  label: '优先级矩阵',
  outputs: [
    { field: 'priority', label: '优先级', value: 'p2', value_label: 'P2 高', kept_by_hand: false },
  ] as never,
  rules: [{ id: 'priority_04', row: 4, description: '影响中、紧急度高' }],
  inputs: [
    { field: 'impact', label: '影响', value: 'medium', value_label: '中' },
    { field: 'urgency', label: '紧急度', value: 'high', value_label: '高' },
  ] as never,
};

describe('Decisions', () => {
  it('says which row decided, on which values', () => {
    const { container } = render(<Decisions decisions={[priority]} />);
    expect(container.querySelector('summary')?.textContent).toBe('规则判定：优先级 P2 高');
    expect(container.querySelector('li')?.textContent).toBe(
      '优先级 P2 高：由 影响 × 紧急度 第 4 行决定（影响 中 · 紧急度 高）“影响中、紧急度高”',
    );
    expect(container.querySelector('details')?.open).toBe(false);
  });
  it('names the rules where the reader is told no row, and what was kept by hand', async () => {
    await i18next.changeLanguage('en');
    const output = { ...priority.outputs[0], label: 'Priority', value_label: 'P2', kept_by_hand: true };
    const hidden = {
      ...priority,
      label: 'Priority matrix',
      outputs: [output],
      rules: [],
      inputs: [],
    } as Decision;
    const { container } = render(<Decisions decisions={[hidden]} />);
    expect(container.querySelector('li')?.textContent).toBe(
      'Priority P2: by the rules "Priority matrix" the rules say Priority P2; what was set by hand stays',
    );
  });
  it('says nothing where nothing was decided', () => {
    expect(render(<Decisions decisions={[]} />).container.textContent).toBe('');
  });
});
