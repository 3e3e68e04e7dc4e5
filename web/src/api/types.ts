// The one place that knows the names of the generated schemas, and says what they leave open:
// phases and levels are fixed words, values of fields are anything.
import type { components, operations } from './generated/schema';

type Schemas = components['schemas'];
type With<T, N> = Omit<T, keyof N> & N;

export type Phase = 'new' | 'active' | 'waiting' | 'resolved' | 'closed' | 'cancelled';
export type Visibility = 'public' | 'internal';
export type Fields = Record<string, unknown>;

export type Ref = Schemas['Ref'];
type Preferences = With<Schemas['Preferences'], { tours?: Record<string, string> | null }>;
export type Me = With<Schemas['Me'], { preferences: Preferences }>;
export type Info = Schemas['Info'];
export type Session = Schemas['SessionBody'];
export type Choice = Schemas['Choice'];
export type Category = Schemas['CategoryBody'];
export type RecordItem = With<Schemas['RecordBody'], { phase: Phase; fields?: Fields }>;
export type RecordOrder = NonNullable<operations['list_records']['parameters']['query']>['sort'];
export type WorkRecord = With<RecordItem, { description: string; fields: Fields }>;
export type Change = With<Schemas['ChangeBody'], { old: unknown; new: unknown }>;
export type TimelineItem = With<
  Schemas['TimelineItem'],
  { visibility: Visibility; changes: Change[]; attachments: FileRef[] }
>;
export type Decision = Schemas['DecisionBody'];
export type Offered = Schemas['ChoiceBody'];
export type DispatchWhy = Schemas['DispatchBody'];
export type Rehearsal = Schemas['RehearsalBody'];
export type Readers = Schemas['ReadersBody'];
export type UserRights = Schemas['RightsBody'];
export type AccessItem = Schemas['AccessBody'];
export type AuditItem = Schemas['AuditItem'];
export type Health = With<
  Schemas['HealthBody'],
  { items: With<Schemas['HealthBody']['items'][number], { value: Record<string, unknown> }>[] }
>;
export type FileRef = Schemas['AttachedBody'] & { media_type?: string };
export type Attachment = With<Schemas['AttachmentBody'], { visibility: Visibility }>;
export type Action = With<Schemas['ActionBody'], { kind: 'outcome' | 'command'; schema: unknown }>;
export type LinkItem = Schemas['LinkBody'] & { record: { phase: Phase } };
export type Flow = Schemas['FlowBody'];
export type Task = With<
  Schemas['TaskBody'],
  { record: With<Schemas['TaskBody']['record'], { phase: Phase }> }
>;
export type Notice = With<
  Schemas['NoticeBody'],
  { record: With<Schemas['NoticeBody']['record'], { phase: Phase }> }
>;
export type NoticeList = { items: Notice[]; unseen: number; next?: string | null };
export type Reminder = Schemas['ReminderBody'];
export type ReminderItem = Schemas['ReminderItem'];
export type User = Schemas['UserBody'];
export type Entry = With<Schemas['EntryBody'], { labels: Record<string, string> | null; data?: Fields }>;
export type ReplyTemplate = Schemas['FilledTemplate'];
export type ReplyTemplates = Schemas['FilledTemplates'];
export type Macro = Schemas['FittingMacro'];
export type MacroPreview = Schemas['MacroPreview'];
export type Checklist = Schemas['ChecklistBody'];
export type CheckStep = Schemas['CheckBody'];
export type Grant = Schemas['GrantBody'];
export type Setting = With<Schemas['SettingBody'], { value: unknown; default: unknown; shape: unknown }>;
export type OutboxMessage = Schemas['OutboxBody'];
export type Words = Schemas['WordsBody'];
export type Token = Schemas['TokenBody'];
export type ImportPreview = With<Schemas['PreviewBody'], { map: Record<string, string> }>;
export type Job = Schemas['JobBody'];
export type JobRow = Schemas['JobRowBody'];
export type View = Schemas['ViewBody'];
export type Counters = With<Schemas['CounterBody'], { by_priority: Record<string, number> }>;
export type Announcement = With<
  Schemas['AnnouncementBody'],
  { titles: Record<string, string>; bodies: Record<string, string> }
>;
export type AnnouncementList = With<Schemas['AnnouncementList'], { items: Announcement[] }>;
export type Hints = {
  announcements: Announcement[];
  records: With<Schemas['HintRecord'], { phase: Phase }>[];
};
export type ChildList = With<Schemas['ChildList'], { items: With<Schemas['ChildBody'], { phase: Phase }>[] }>;
export type MergePreview = Schemas['MergePreview'];
export type ChildrenReach = Schemas['ChildrenReach'];
export type BulkPreview = Schemas['BulkPreview'];
export type Begun = Schemas['JobBegun'];
export type Meanwhile = With<Schemas['MeanwhileBody'], { old: unknown; new: unknown }>;
export type Problem = With<Schemas['Problem'], { meanwhile?: Meanwhile[]; errors?: FieldProblem[] }>;
export type FieldProblem = Schemas['FieldProblem'];

/** How a pack lays its fields out. */
export interface FormUi {
  open?: { portal?: string[]; workspace?: string[]; at_once?: { outcome: string; fields: string[] } };
  sections?: { key: string; fields: string[]; columns?: number; collapsed?: boolean }[];
}
export type Pack = With<
  Schemas['PackBody'],
  {
    states: (Choice & { phase: Phase })[];
    form: { properties?: Record<string, unknown> };
    form_ui: FormUi;
    values: Record<string, Record<string, string>>;
    reasons: Record<string, Choice[]>;
    /** Names of the form's sections, and a line of help by field, where the server sends them. */
    sections?: Choice[];
    hints?: Record<string, string>;
  }
>;

export type DecisionTable = With<Schemas['TableBody'], { rules: Record<string, string>[] }>;
export type DecisionTables = With<Schemas['TableList'], { items: DecisionTable[] }>;
export type TableRehearsal = Schemas['TableRehearsal'];

/** Every list of the contract: `next` is the cursor of the following page, null at the end. */
export interface Page<T> {
  items: T[];
  next?: string | null;
}
