import { useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Begun } from '../../api/types';
import { jobQuery, type RecordFilter } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { DownIcon } from '../../shared/ui/icons';
import { toast } from '../../shared/ui/toast';

interface Props {
  type: string;
  filter: RecordFilter;
  columns: string[];
}

const pause = () => new Promise((done) => setTimeout(done, 500));

/** Makes a file of the list as it is shown, and hands it over when it is done. */
export function ExportMenu({ type, filter, columns }: Props) {
  const { t } = useTranslation('lists');
  const problem = useProblem();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = async (format: string) => {
    const { sort, fields: _fields, filter: condition, ...query } = filter;
    setBusy(true);
    try {
      const body = {
        query,
        filter: condition ? (JSON.parse(condition) as unknown) : null,
        sort,
        columns,
        format,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
      };
      const { job } = await call<Begun>(
        api.POST('/api/v1/records/{type}/export', { params: { path: { type } }, body: body as never }),
      );
      let now = await client.fetchQuery({ ...jobQuery(job), staleTime: 0 });
      while (!now.ended_at) {
        await pause();
        now = await client.fetchQuery({ ...jobQuery(job), staleTime: 0 });
      }
      if (!now.has_file) {
        toast.error(t('export_failed'), now.error ?? undefined);
        return;
      }
      const link = document.createElement('a');
      link.href = `/api/v1/jobs/${job}/file`;
      link.download = '';
      link.click();
      const { records, truncated } = now.result as unknown as { records: number; truncated?: boolean };
      toast.success(t(truncated ? 'export_cut' : 'export_done', { count: records }));
    } catch (error) {
      problem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        onClick: ({ key }) => void run(key),
        items: [
          { key: 'csv', label: 'CSV' },
          { key: 'xlsx', label: 'Excel (xlsx)' },
        ],
      }}
    >
      <Button aria-haspopup="menu" loading={busy} icon={<DownIcon />} iconPlacement="end">
        {t('export')}
      </Button>
    </Dropdown>
  );
}
