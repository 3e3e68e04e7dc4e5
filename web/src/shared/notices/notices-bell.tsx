import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Popover } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../lib/use-problem';
import { ErrorView } from '../ui/error-view';
import { BellIcon } from '../ui/icons';
import { Bones, Empty } from '../ui/page';
import { type Face, NoticeGroups } from './notice-groups';
import css from './notices.module.css';
import { noticesQuery, unseenQuery } from './queries';
import { useMarkSeen } from './use-seen';

// The server counts no further.
const counted = 100;

/** How much is new, and what it is. */
export function NoticesBell({ face }: { face: Face }) {
  const { t } = useTranslation('notices');
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const { data } = useQuery(unseenQuery);
  const unseen = data?.unseen ?? 0;
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      destroyOnHidden
      arrow={false}
      align={{ overflow: { shiftX: true, adjustY: true } }}
      styles={{ container: { padding: 0 } }}
      content={<Panel face={face} unseen={unseen} onClose={close} onGo={() => setOpen(false)} />}
    >
      <button
        ref={button}
        type="button"
        className={css.bell}
        aria-expanded={open}
        data-tour="bell"
        aria-haspopup="dialog"
        aria-label={unseen > 0 ? t('bell_new', { count: unseen }) : t('bell')}
        title={t('bell')}
      >
        <BellIcon />
        {unseen > 0 && (
          <span className={css.count} aria-hidden="true">
            {unseen >= counted ? `${counted - 1}+` : unseen}
          </span>
        )}
      </button>
    </Popover>
  );
}

interface PanelProps {
  face: Face;
  unseen: number;
  onClose: () => void;
  onGo: () => void;
}

function Panel({ face, unseen, onClose, onGo }: PanelProps) {
  const { t } = useTranslation('notices');
  const list = useInfiniteQuery(noticesQuery);
  const mark = useMarkSeen();
  const problem = useProblem();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section
      ref={panel}
      className={css.panel}
      role="dialog"
      aria-label={t('bell')}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className={css.top}>
        <h2>{t('bell')}</h2>
        {unseen > 0 && (
          <Button size="small" type="link" onClick={() => void mark().catch(problem)}>
            {t('all_seen')}
          </Button>
        )}
      </div>
      <div className={css.scroll}>
        {list.error && !list.data && <ErrorView error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && <Bones rows={4} />}
        {list.data && items.length === 0 && (
          <Empty icon={<BellIcon />} title={t('empty')} text={t(`empty_${face}`)} />
        )}
        <NoticeGroups items={items} face={face} onGo={onGo} />
        {list.hasNextPage && (
          <Button type="link" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('common:load_more')}
          </Button>
        )}
      </div>
    </section>
  );
}
