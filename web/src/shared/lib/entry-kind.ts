/** The kinds of entries that have a page of their own in the administration. */
export type EntryKind =
  | 'teams'
  | 'sites'
  | 'services'
  | 'departments'
  | 'skills'
  | 'templates'
  | 'macros'
  | 'checklists'
  | 'roles'
  | 'categories';
