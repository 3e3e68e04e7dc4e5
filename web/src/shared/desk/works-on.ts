import type { WorkRecord } from '../../api/types';

/** Whether the reader works on the record and is shown what is internal: only they are told who follows it. */
export const worksOn = (record: Pick<WorkRecord, 'watchers'>) => Array.isArray(record.watchers);
