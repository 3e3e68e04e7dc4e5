import { describe, expect, it } from 'vitest';
import { check } from '../../shared/form/schema';
import { bodyOf, schemaOf } from './announcement-form';

describe('the form of an announcement', () => {
  it('sends only what was touched, languages together', () => {
    expect(bodyOf({ title_en: 'Mail is down' }, {})).toEqual({ title: { en: 'Mail is down' } });
    expect(bodyOf({ body_zh: null, until: null }, {})).toEqual({ body: { zh: null }, until: null });
  });

  it('asks for a title in one language, whichever', () => {
    const schema = schemaOf(((key: string) => key) as never);
    const wrong = (title: object) => check(schema, { severity: 'info', ...title }).map((it) => it.name);
    expect(wrong({ title_zh: '', title_en: 'Mail is down' })).toEqual([]);
    expect(wrong({ title_zh: '邮件中断' })).toEqual([]);
    expect(wrong({ title_zh: '', title_en: '' })).toEqual(['title_zh']);
  });

  it('says whom it is for as one, and nobody named is everybody', () => {
    const given = { for_sites: ['hq'], for_teams: [] };
    expect(bodyOf({ for_teams: ['desk'] }, given)).toEqual({
      audience: { sites: ['hq'], teams: ['desk'] },
    });
    expect(bodyOf({ for_sites: [] }, given)).toEqual({ audience: null });
    expect(bodyOf({ severity: 'info' }, given)).toEqual({ severity: 'info' });
  });
});
