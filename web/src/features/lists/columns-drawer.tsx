import { Button, Checkbox, Drawer } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pack } from '../../api/types';
import { listFields, usual } from '../../shared/condition/fields';
import { DownIcon } from '../../shared/ui/icons';
import css from './lists.module.css';

interface Props {
  pack: Pack | undefined;
  columns: string[];
  onApply: (columns: string[]) => void;
  onClose: () => void;
}

/** Chooses the columns of a list and their order. */
export function ColumnsDrawer({ pack, columns, onApply, onClose }: Props) {
  const { t } = useTranslation('lists');
  const fields = useMemo(() => listFields(pack, t), [pack, t]);
  const [chosen, setChosen] = useState(columns.length > 0 ? columns : usual);
  const label = (name: string) => fields.find((it) => it.name === name)?.label ?? name;
  const move = (name: string, step: number) => {
    const at = chosen.indexOf(name);
    const next = chosen.filter((it) => it !== name);
    next.splice(Math.max(0, at + step), 0, name);
    setChosen(next);
  };
  const rest = fields.filter((it) => !chosen.includes(it.name));
  return (
    <Drawer
      open
      title={t('columns')}
      size={400}
      onClose={onClose}
      footer={
        <div className={css.drawerFoot}>
          <Button
            onClick={() => {
              onApply([]);
              onClose();
            }}
          >
            {t('columns_usual')}
          </Button>
          <Button
            type="primary"
            disabled={chosen.length === 0}
            onClick={() => {
              onApply(chosen);
              onClose();
            }}
          >
            {t('columns_apply')}
          </Button>
        </div>
      }
    >
      <ol className={css.columnList}>
        {chosen.map((name, index) => (
          <li key={name}>
            <Checkbox checked onChange={() => setChosen(chosen.filter((it) => it !== name))}>
              {label(name)}
            </Checkbox>
            <span>
              <Button
                type="text"
                size="small"
                icon={<DownIcon style={{ rotate: '180deg' }} />}
                aria-label={t('columns_up', { name: label(name) })}
                disabled={index === 0}
                onClick={() => move(name, -1)}
              />
              <Button
                type="text"
                size="small"
                icon={<DownIcon />}
                aria-label={t('columns_down', { name: label(name) })}
                disabled={index === chosen.length - 1}
                onClick={() => move(name, 1)}
              />
            </span>
          </li>
        ))}
      </ol>
      <ul className={css.columnList}>
        {rest.map((it) => (
          <li key={it.name}>
            <Checkbox checked={false} onChange={() => setChosen([...chosen, it.name])}>
              {it.label}
            </Checkbox>
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
