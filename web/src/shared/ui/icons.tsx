// Every icon of the product. Beside words they are decoration, alone their button has the name;
// either way assistive technology must not read the icon's own English name.
import {
  ApartmentOutlined,
  AppstoreOutlined,
  BellOutlined,
  BranchesOutlined,
  CameraOutlined,
  CheckCircleOutlined,
  CheckSquareOutlined,
  CloseOutlined,
  CloudOutlined,
  CoffeeOutlined,
  ControlOutlined,
  DoubleLeftOutlined,
  DoubleRightOutlined,
  DownOutlined,
  EnvironmentOutlined,
  ExpandAltOutlined,
  FileImageOutlined,
  FileOutlined,
  FileTextOutlined,
  LeftOutlined,
  LinkOutlined,
  LockOutlined,
  MailOutlined,
  MessageOutlined,
  MinusOutlined,
  PaperClipOutlined,
  PhoneOutlined,
  PlusOutlined,
  QuestionCircleOutlined,
  SafetyOutlined,
  SearchOutlined,
  SmileOutlined,
  SoundOutlined,
  StarOutlined,
  SwapOutlined,
  SyncOutlined,
  TeamOutlined,
  UnorderedListOutlined,
  UploadOutlined,
  UpOutlined,
  UserOutlined,
} from '@ant-design/icons';
import type { ComponentType, CSSProperties } from 'react';

interface Props {
  className?: string;
  style?: CSSProperties;
}

const decorative = (
  Icon: ComponentType<Props & { role?: string; 'aria-label'?: string; 'aria-hidden'?: 'true' }>,
) =>
  function Decorative(props: Props) {
    // biome-ignore lint/a11y/useValidAriaRole: takes the role away that the icon gives itself
    return <Icon {...props} role={undefined} aria-label={undefined} aria-hidden="true" />;
  };

export const ApartmentIcon = decorative(ApartmentOutlined);
export const AppstoreIcon = decorative(AppstoreOutlined);
export const BellIcon = decorative(BellOutlined);
export const BranchesIcon = decorative(BranchesOutlined);
export const CameraIcon = decorative(CameraOutlined);
export const CheckCircleIcon = decorative(CheckCircleOutlined);
export const CheckSquareIcon = decorative(CheckSquareOutlined);
export const CloseIcon = decorative(CloseOutlined);
export const CloudIcon = decorative(CloudOutlined);
export const ControlIcon = decorative(ControlOutlined);
export const CoffeeIcon = decorative(CoffeeOutlined);
export const DoubleLeftIcon = decorative(DoubleLeftOutlined);
export const DoubleRightIcon = decorative(DoubleRightOutlined);
export const DownIcon = decorative(DownOutlined);
export const EnvironmentIcon = decorative(EnvironmentOutlined);
export const ExpandAltIcon = decorative(ExpandAltOutlined);
export const FileImageIcon = decorative(FileImageOutlined);
export const FileIcon = decorative(FileOutlined);
export const FileTextIcon = decorative(FileTextOutlined);
export const LeftIcon = decorative(LeftOutlined);
export const LinkIcon = decorative(LinkOutlined);
export const LockIcon = decorative(LockOutlined);
export const MessageIcon = decorative(MessageOutlined);
export const MinusIcon = decorative(MinusOutlined);
export const PaperClipIcon = decorative(PaperClipOutlined);
export const PhoneIcon = decorative(PhoneOutlined);
export const MailIcon = decorative(MailOutlined);
export const PlusIcon = decorative(PlusOutlined);
export const QuestionIcon = decorative(QuestionCircleOutlined);
export const SafetyIcon = decorative(SafetyOutlined);
export const SearchIcon = decorative(SearchOutlined);
export const SmileIcon = decorative(SmileOutlined);
export const SoundIcon = decorative(SoundOutlined);
export const StarIcon = decorative(StarOutlined);
export const SwapIcon = decorative(SwapOutlined);
export const SyncIcon = decorative(SyncOutlined);
export const TeamIcon = decorative(TeamOutlined);
export const UnorderedListIcon = decorative(UnorderedListOutlined);
export const UpIcon = decorative(UpOutlined);
export const UploadIcon = decorative(UploadOutlined);
export const UserIcon = decorative(UserOutlined);
