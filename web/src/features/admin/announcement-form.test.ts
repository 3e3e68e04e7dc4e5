import { describe, expect, it } from 'vitest';
import { bodyOf } from './announcement-form';

describe('the form of an announcement', () => {
  it('sends only what was touched, languages together', () => {
    expect(bodyOf({ title_en: 'Mail is down' }, {})).toEqual({ title: { en: 'Mail is down' } });
    expect(bodyOf({ body_zh: null, until: null }, {})).toEqual({ body: { zh: null }, until: null });
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
