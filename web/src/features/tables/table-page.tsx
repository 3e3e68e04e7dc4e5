import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { packQuery } from '../../shared/lib/queries';
import { tablesQuery } from '../../shared/lib/table-queries';
import { ErrorView } from '../../shared/ui/error-view';
import { BranchesIcon } from '../../shared/ui/icons';
import { Bones, Empty, PageHead, useTitle } from '../../shared/ui/page';
import { TableEditor } from './table-editor';

const route = getRouteApi('/signed-in/w/admin/packs/$type/tables/$table');

/** One decision table: its rows to read, to change, to try on past records and to publish. */
export function TablePage() {
  const { t } = useTranslation('tables');
  const { type, table: key } = route.useParams();
  const { data, error, refetch } = useQuery(tablesQuery(type));
  const { data: pack } = useQuery(packQuery(type));
  const table = data?.items.find((it) => it.key === key);
  useTitle(table?.name ?? t('title'));
  return (
    <>
      <PageHead
        title={table?.name ?? t('title')}
        answer={table ? table.description || t(`answer_${table.hit_policy}`) : undefined}
        tools={<Link to="/w/admin/packs">{t('to_packs')}</Link>}
      />
      {error && !data && <ErrorView error={error} retry={() => void refetch()} />}
      {!error && !(data && pack) && <Bones rows={8} />}
      {data && pack && !table && (
        <div className="card">
          <Empty icon={<BranchesIcon />} title={t('none')} text={t('none_text')} />
        </div>
      )}
      {data && pack && table && (
        <TableEditor key={`${type}.${key}`} type={type} pack={pack} table={table} version={data.version} />
      )}
    </>
  );
}
