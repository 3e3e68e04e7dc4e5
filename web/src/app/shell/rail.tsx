import { Link, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../api/types';
import { type AdminPage, adminGroups, adminPagesOf } from '../../shared/lib/admin-pages';
import { useOverlay } from '../../shared/lib/overlays';
import {
  ApartmentIcon,
  AppstoreIcon,
  BranchesIcon,
  CheckCircleIcon,
  CloudIcon,
  ControlIcon,
  DownIcon,
  EnvironmentIcon,
  FileTextIcon,
  LockIcon,
  MailIcon,
  MessageIcon,
  SafetyIcon,
  SoundIcon,
  StarIcon,
  SwapIcon,
  SyncIcon,
  TeamIcon,
  UploadIcon,
  UserIcon,
} from '../../shared/ui/icons';
import rail from './rail.module.css';
import css from './shell.module.css';

export interface NavItem {
  key: string;
  to: string;
  params?: Record<string, string>;
  exact?: boolean;
  icon: ReactNode;
  label: string;
  short?: string;
  /** How much waits there. */
  count?: number;
}

const adminIcons: Record<AdminPage, ReactNode> = {
  users: <UserIcon />,
  teams: <TeamIcon />,
  departments: <ApartmentIcon />,
  sites: <EnvironmentIcon />,
  services: <CloudIcon />,
  skills: <StarIcon />,
  templates: <MessageIcon />,
  macros: <SwapIcon />,
  checklists: <CheckCircleIcon />,
  categories: <ApartmentIcon />,
  roles: <SafetyIcon />,
  announcements: <SoundIcon />,
  import: <UploadIcon />,
  jobs: <SyncIcon />,
  outbox: <MailIcon />,
  packs: <AppstoreIcon />,
  dispatch: <BranchesIcon />,
  access: <LockIcon />,
  audit: <FileTextIcon />,
  health: <CheckCircleIcon />,
  settings: <ControlIcon />,
};

export function Item({ item, narrow, short }: { item: NavItem; narrow?: boolean; short?: boolean }) {
  return (
    <Link
      to={item.to as '/w'}
      params={item.params as never}
      className={css.item}
      data-tour={item.key}
      activeOptions={{ exact: item.exact ?? false, includeSearch: false }}
      aria-label={item.count ? `${item.label} ${item.count}` : item.label}
      title={narrow ? item.label : undefined}
    >
      {item.icon}
      <span className={css.label}>{(short && item.short) || item.label}</span>
      {/* The space parts what is read aloud; the row is a flex box and shows none. */ ' '}
      {!!item.count && !short && (
        <span className={`${rail.count} ${narrow ? rail.corner : ''}`} aria-hidden="true">
          {item.count > 999 ? '999+' : item.count}
        </span>
      )}
    </Link>
  );
}

/** The pages of the administration in groups: the one that is open, or was opened; all of them while a tour leads through. */
export function AdminGroups({ me, narrow }: { me: Me; narrow: boolean }) {
  const { t } = useTranslation('shell');
  const id = useId();
  const [chosen, setChosen] = useState<Record<string, boolean>>({});
  const path = useRouterState({ select: (state) => state.location.pathname });
  const toured = useOverlay() === 'tour';
  const pages = adminPagesOf(me);
  if (pages.length === 0) return null;
  return (
    <>
      <p className={css.group}>{t('admin')}</p>
      {adminGroups.map((group) => {
        const items = pages.filter((it) => it.group === group);
        if (items.length === 0) return null;
        const here = items.some(({ page }) => path === `/w/admin/${page}`);
        const open = toured || (chosen[group] ?? here);
        return (
          <div key={group} className={`${rail.group} ${narrow ? rail.narrow : ''}`}>
            <button
              type="button"
              className={`${css.item} ${rail.fold}`}
              aria-expanded={open}
              aria-controls={`${id}-${group}`}
              onClick={() => setChosen({ ...chosen, [group]: !open })}
            >
              <DownIcon className={open ? undefined : rail.turned} />
              <span className={css.label}>{t(`admin_group_${group}`)}</span>
            </button>
            <div id={`${id}-${group}`} className={`${rail.items} ${open ? '' : rail.folded}`}>
              {items.map(({ page }) => (
                <Item
                  key={page}
                  item={{
                    key: page,
                    to: `/w/admin/${page}`,
                    icon: adminIcons[page],
                    label: t(`admin_${page}`),
                  }}
                  narrow={narrow}
                />
              ))}
            </div>
          </div>
        );
      })}
    </>
  );
}
