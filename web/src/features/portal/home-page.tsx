import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pack, RecordItem } from '../../api/types';
import { hintsQuery } from '../../shared/announcements/queries';
import { useActions } from '../../shared/desk/use-actions';
import { meQuery, packQuery, packsQuery, recordsQuery } from '../../shared/lib/queries';
import { useSettled } from '../../shared/lib/use-settled';
import { useClearing } from '../../shared/ui/clearing';
import { ErrorView } from '../../shared/ui/error-view';
import { PlusIcon, SearchIcon, SmileIcon } from '../../shared/ui/icons';
import { PhaseMark } from '../../shared/ui/marks';
import { Bones, Empty, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import looks from './hints.module.css';
import { AlikeItem, Announcements } from './home-hints';
import css from './portal.module.css';
import { reportedQuery } from './queries';
import { greeting, inPlainWords, waitsForAnswer } from './words';

const route = getRouteApi('/signed-in/portal/');

export function HomePage() {
  const { t } = useTranslation('portal');
  const clearing = useClearing();
  const { show, q } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: packs, error, refetch } = useQuery(packsQuery);
  const sought = useSettled(q ?? '', 300);
  useTitle(t('mine'));
  const go = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ to: '/report', search: { title: q?.trim() || undefined } });
  };
  const search = (text: string) =>
    void navigate({
      search: (before) => ({ ...before, q: text || undefined }),
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <section className={css.hero}>
        <p className={css.hello}>{t(`greeting_${greeting(new Date().getHours())}`, { name: me.label })}</p>
        <h1>{t('ask')}</h1>
        <search>
          <form className={css.ask} data-tour="ask" onSubmit={go}>
            <Input
              size="large"
              allowClear={clearing}
              prefix={<SearchIcon className="dim" />}
              aria-label={t('ask')}
              placeholder={t('ask_placeholder')}
              value={q ?? ''}
              onChange={(event) => search(event.target.value)}
            />
            <Button type="primary" size="large" htmlType="submit">
              {t('report')}
            </Button>
          </form>
        </search>
      </section>
      {/* What one looks for comes before what else is going on. */}
      <Announcements about={q ? sought : ''} />
      <section aria-label={t('mine')}>
        <div className={css.listHead} data-tour="mine">
          <h2>{q ? t('found') : t('mine')}</h2>
          <nav className={css.tabs} aria-label={t('mine')}>
            {([undefined, 'closed'] as const).map((it) => (
              <Link
                key={it ?? 'open'}
                to="/"
                search={{ show: it, q }}
                replace
                resetScroll={false}
                activeOptions={{ exact: true, explicitUndefined: true }}
                activeProps={{ 'aria-current': show === it ? 'true' : undefined }}
                inactiveProps={{ 'aria-current': show === it ? 'true' : undefined }}
              >
                {t(it ?? 'open')}
              </Link>
            ))}
          </nav>
        </div>
        {error && <ErrorView error={error} retry={() => void refetch()} />}
        {!packs && !error && <Bones rows={4} />}
        {packs?.items.map((it) => (
          <Requests
            key={it.key}
            type={it.key}
            requester={me.key}
            closed={show === 'closed'}
            q={sought || undefined}
          />
        ))}
      </section>
      <Reported closed={show === 'closed'} q={q?.trim() || undefined} />
      {q && (
        <div className={looks.below}>
          <Announcements about={sought} rest />
        </div>
      )}
    </>
  );
}

/** What one has reported for colleagues, and follows with them; most people have none, and see nothing of it. */
function Reported({ closed, q }: { closed: boolean; q: string | undefined }) {
  const { t } = useTranslation('portal');
  const list = useInfiniteQuery(reportedQuery({ open: !closed, q }));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const failed = list.error && !list.data;
  if (items.length === 0 && !failed && !list.hasNextPage) return null;
  return (
    <section aria-labelledby="followed" style={{ marginTop: 24 }}>
      <div className={css.listHead}>
        <h2 id="followed">{t('followed')}</h2>
      </div>
      <ul className={css.list}>
        {items.map((it) => (
          <ReportedItem key={it.id} item={it} />
        ))}
      </ul>
      {failed && <ErrorView error={list.error} retry={() => void list.refetch()} />}
      <More list={list} />
    </section>
  );
}

function ReportedItem({ item }: { item: RecordItem }) {
  const { t } = useTranslation('portal');
  const { data: pack } = useQuery(packQuery(item.type));
  return (
    <li className={`card ${css.item}`} data-live={item.id}>
      <div>
        <h3>
          <Link to="/requests/$type/$number" params={{ type: item.type, number: item.number }}>
            {item.title}
          </Link>
        </h3>
        <div className={css.meta}>
          <PhaseMark phase={item.phase} label={inPlainWords(item, t, pack)} />
          <span className="mono">{item.number}</span>
          <span>{t('for_name', { name: item.requester.label })}</span>
        </div>
      </div>
    </li>
  );
}

interface RequestsProps {
  type: string;
  requester: string;
  closed: boolean;
  q: string | undefined;
}

const asksYou = (it: RecordItem, pack: Pack | undefined) =>
  it.phase === 'resolved' || waitsForAnswer(it, pack);

function Requests({ type, requester, closed, q }: RequestsProps) {
  const { t } = useTranslation('portal');
  const navigate = route.useNavigate();
  const { data: pack } = useQuery(packQuery(type));
  const state = closed ? 'closed,cancelled' : 'open';
  const list = useInfiniteQuery(recordsQuery(type, { requester, state, q, sort: '-opened_at' }, 20));
  const items = (list.data?.pages.flatMap((page) => page.items) ?? []).sort(
    (a, b) => Number(asksYou(b, pack)) - Number(asksYou(a, pack)),
  );
  // What says the same in other words, as far as the list has not found it.
  const wanted = !closed && (q ?? '').length > 1;
  const { data: hints } = useQuery({ ...hintsQuery({ title: q ?? '' }), enabled: wanted });
  const listed = new Set(items.map((it) => it.number));
  const alike = wanted
    ? (hints?.records ?? []).filter((it) => it.type === type && !listed.has(it.number))
    : [];
  const report = () => void navigate({ to: '/report', search: { title: q } });
  if (list.error && !list.data) return <ErrorView error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Bones rows={4} />;
  if (items.length === 0 && alike.length === 0) {
    const announced = wanted && hints?.announcements.length;
    return (
      <div className="card">
        <Empty
          icon={<SmileIcon />}
          title={q ? t('found_none', { q }) : t(closed ? 'empty_closed' : 'empty')}
          text={announced ? t('found_announced') : q || closed ? undefined : t('empty_text')}
        >
          {!closed && (
            <Button type="primary" icon={<PlusIcon />} onClick={report}>
              {q ? t('report_this', { title: q }) : t('report')}
            </Button>
          )}
          {closed && (
            <Link to="/" search={{ q }}>
              {t('to_open')}
            </Link>
          )}
        </Empty>
      </div>
    );
  }
  return (
    <>
      <ul className={css.list}>
        {items.map((it) => (
          <Request key={it.id} item={it} pack={pack} />
        ))}
        {alike.map((it) => (
          <AlikeItem key={it.number} item={it} />
        ))}
      </ul>
      <More list={list} />
    </>
  );
}

interface MoreProps {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}

/** The way to the next page, where there is one. */
function More({ list }: MoreProps) {
  const { t } = useTranslation();
  if (!list.hasNextPage) return null;
  return (
    <Button
      style={{ marginTop: 12 }}
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {t('common:load_more')}
    </Button>
  );
}

function Request({ item, pack }: { item: RecordItem; pack: Pack | undefined }) {
  const { t } = useTranslation('portal');
  const waitsForYou = item.phase === 'resolved';
  return (
    <li className={`card ${css.item} ${asksYou(item, pack) ? css.needsYou : ''}`} data-live={item.id}>
      <div>
        <h3>
          <Link to="/requests/$type/$number" params={{ type: item.type, number: item.number }}>
            {item.title}
          </Link>
        </h3>
        <div className={css.meta}>
          <PhaseMark phase={item.phase} label={inPlainWords(item, t, pack)} />
          <span className="mono">{item.number}</span>
          <span>
            {t('updated')} <TimeAgo at={item.updated_at} />
          </span>
        </div>
      </div>
      {waitsForYou && <Outcomes item={item} />}
    </li>
  );
}

/** What the flow asks of the person now, right in the list. */
function Outcomes({ item }: { item: RecordItem }) {
  const actions = useActions(item);
  const outcomes = actions.items.filter((it) => it.kind === 'outcome' && it.enabled);
  return (
    <div className={css.itemActions}>
      {outcomes.map((it, index) => (
        <Button
          key={it.key}
          type={index === 0 ? 'primary' : 'default'}
          loading={actions.busy === it.key}
          onClick={() => actions.start(it)}
        >
          {it.label}
        </Button>
      ))}
      {actions.dialog}
    </div>
  );
}
