// What can be written of a person, in the sections of the editor.
import type { TFunction } from 'i18next';
import type { User } from '../../api/types';
import type { JsonSchema, Values } from '../../shared/form/schema';
import type { FormLayout } from '../../shared/form/schema-form';

export function userSchema(t: TFunction<'admin'>, creating: boolean): JsonSchema {
  const text = (title: string, more: JsonSchema = {}): JsonSchema => ({
    type: 'string',
    title,
    maxLength: 200,
    ...more,
  });
  const ref = (title: string, to: string): JsonSchema => ({ type: 'string', title, 'x-ref': to });
  const instant = (title: string, more: JsonSchema = {}): JsonSchema => ({
    type: 'string',
    format: 'date-time',
    title,
    ...more,
  });
  const choice = (title: string, values: string[], labels: string[]): JsonSchema => ({
    type: 'string',
    title,
    enum: values,
    'x-labels': labels,
  });
  return {
    type: 'object',
    properties: {
      ...(creating
        ? { username: text(t('username'), { maxLength: 100, description: t('username_help') }) }
        : {}),
      name: text(t('name')),
      sort_name: text(t('sort_name'), { description: t('sort_name_help') }),
      number: text(t('number')),
      email: text(t('email')),
      phone: text(t('phone')),
      locale: choice(t('locale'), ['zh', 'en'], [t('locale_zh'), t('locale_en')]),
      kind: choice(t('account_kind'), ['person', 'service'], [t('kind_person'), t('kind_service')]),
      department: ref(t('department'), 'department'),
      site: ref(t('site'), 'site'),
      roles: { type: 'array', title: t('roles'), items: { 'x-ref': 'role' }, 'x-wide': true },
      password: text(t(creating ? 'password' : 'new_password'), {
        format: 'password',
        minLength: 8,
        description: t(creating ? 'password_help' : 'new_password_help'),
      }),
      employer: text(t('employer')),
      area: text(t('area')),
      expires_at: instant(t('expires_at'), { description: t('expires_at_help') }),
      capacity: {
        type: 'integer',
        title: t('own_capacity'),
        description: t('own_capacity_help'),
        minimum: 0,
        maximum: 1000,
      },
      deputy: ref(t('deputy'), 'user'),
      deputy_from: instant(t('deputy_from')),
      deputy_until: instant(t('deputy_until')),
    },
    required: creating ? ['username', 'name'] : ['name'],
  };
}

export const userLayout = (t: TFunction<'admin'>): FormLayout => ({
  sections: [
    { label: t('section_person'), fields: ['username', 'name', 'sort_name', 'number', 'email', 'phone'] },
    {
      label: t('section_place'),
      fields: ['department', 'site', 'roles', 'locale', 'kind', 'capacity', 'password'],
    },
    { label: t('section_contract'), fields: ['employer', 'area', 'expires_at'] },
    { label: t('section_deputy'), fields: ['deputy', 'deputy_from', 'deputy_until'] },
  ],
});

/** A person as the editor holds them: references as keys. */
export const userValues = (user: User): Values => ({
  ...user,
  site: user.site?.key,
  department: user.department?.key,
  deputy: user.deputy?.key,
});
