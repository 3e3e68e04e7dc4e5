// The one place that knows the names of the generated schemas.
import type { components } from './generated/schema';

type Schemas = components['schemas'];
export type Ref = Schemas['Ref'];
export type Phase = Schemas['Phase'];
export type Level = Schemas['Level'];
export type Me = Schemas['Me'];
export type Info = Schemas['Info'];
export type Session = Schemas['Session'];
export type Pack = Schemas['Pack'];
export type Category = Schemas['Category'];
export type RecordItem = Schemas['RecordItem'];
export type WorkRecord = Schemas['Record'];
export type TimelineItem = Schemas['TimelineItem'];
export type Visibility = Schemas['Visibility'];
export type Change = Schemas['Change'];
export type Attachment = Schemas['Attachment'];
export type Action = Schemas['Action'];
export type LinkItem = Schemas['LinkItem'];
export type Flow = Schemas['Flow'];
export type Step = Schemas['Step'];
export type Token = Schemas['Token'];
export type Task = Schemas['Task'];
export type User = Schemas['User'];
export type Team = Schemas['Team'];
export type Job = Schemas['Job'];
export type Problem = Schemas['Problem'];
export type Meanwhile = Schemas['Meanwhile'];

/** Every list of the contract: `next` is the cursor of the following page, null at the end. */
export interface Page<T> {
  items: T[];
  next: string | null;
}
