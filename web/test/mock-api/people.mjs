// People, teams, services and categories of the invented organisation the mock serves.

/** A text in both languages; `say(text, lang)` picks one. */
export const say = (text, lang) => (typeof text === 'string' ? text : (text?.[lang] ?? text?.zh ?? null));
const t = (zh, en) => ({ zh, en });

let counter = 0;
const id = () => `019a0000-0000-7000-8000-${String(++counter).padStart(12, '0')}`;

export const sites = [
  ['hq', t('总部大楼', 'Headquarters')],
  ['east', t('东校区', 'East campus')],
  ['west', t('西校区', 'West campus')],
  ['lab', t('实验中心', 'Laboratory centre')],
  ['hospital', t('附属医院', 'Teaching hospital')],
].map(([key, label]) => ({ id: id(), key, label }));

export const services = [
  ['teaching', t('教务系统', 'Teaching administration')],
  ['mail', t('企业邮箱', 'Mail')],
  ['network', t('办公网络', 'Office network')],
  ['wifi', t('无线网络', 'Wireless network')],
  ['print', t('打印服务', 'Printing')],
  ['vpn', t('远程接入 VPN', 'Remote access (VPN)')],
  ['finance', t('财务系统', 'Finance')],
  ['hr', t('人事系统', 'Human resources')],
  ['meeting', t('视频会议', 'Video meetings')],
  ['desktop', t('桌面支持', 'Desktop support')],
].map(([key, label]) => ({ id: id(), key, label }));

export const teams = [
  ['desk', t('服务台', 'Service desk')],
  ['net-l2', t('网络二线', 'Network L2')],
  ['app-l2', t('应用二线', 'Applications L2')],
  ['sys-l2', t('系统二线', 'Systems L2')],
  ['vendor-l3', t('厂商三线', 'Vendor L3')],
].map(([key, label]) => ({ id: id(), key, label, members: [] }));
const team = (key) => teams.find((it) => it.key === key);

export const users = [];
function user(key, label, options = {}) {
  const it = {
    id: id(), key, label, email: `${key}@example.edu.cn`, phone: options.phone ?? null,
    site: options.site ?? sites[counter % sites.length], roles: options.roles ?? [],
    department: { id: 'd', key: 'd', label: options.department ?? t('信息中心', 'IT centre') },
    employer: options.employer ?? null, expires_at: options.expires_at ?? null, active: options.active ?? true,
    workspace: options.workspace ?? false, admin: options.admin ?? false, teams: options.teams ?? [],
    password: 'yuheng-demo', locale: 'zh',
  };
  users.push(it);
  for (const member of it.teams) member.members.push(it);
  return it;
}
const agent = (key, label, teamKey, options) =>
  user(key, label, { workspace: true, roles: [t('工程师', 'Engineer')], teams: [].concat(teamKey).map(team), ...options });

user('admin', t('系统管理员', 'Administrator'), { workspace: true, admin: true, roles: [t('管理员', 'Administrator')], teams: [team('desk')] });
agent('zhangwei', t('张伟', 'Zhang Wei'), ['net-l2', 'desk'], { site: sites[0], phone: '8021' });
agent('wangfang', t('王芳', 'Wang Fang'), 'desk');
agent('liqiang', t('李强', 'Li Qiang'), 'desk');
agent('liuyang', t('刘洋', 'Liu Yang'), 'net-l2');
agent('chenjing', t('陈静', 'Chen Jing'), 'app-l2');
agent('yangfan', t('杨帆', 'Yang Fan'), 'app-l2');
agent('zhaolei', t('赵磊', 'Zhao Lei'), 'sys-l2');
agent('zhouping', t('周平', 'Zhou Ping'), 'sys-l2');
agent('wuhao', t('吴昊', 'Wu Hao'), 'vendor-l3', { employer: t('华信技术服务有限公司', 'Huaxin Services Ltd'), expires_at: '2027-03-31T15:59:59Z' });
agent('sunli', t('孙莉', 'Sun Li'), 'vendor-l3', { employer: t('华信技术服务有限公司', 'Huaxin Services Ltd'), expires_at: '2026-12-31T15:59:59Z' });
user('lilaoshi', t('李晓梅', 'Li Xiaomei'), { site: sites[0], department: t('教务处', 'Academic affairs') });
const surnames = ['郑|Zheng', '冯|Feng', '陈|Chen', '蒋|Jiang', '沈|Shen', '韩|Han', '朱|Zhu', '许|Xu', '何|He', '曹|Cao'];
const given = ['建国|Jianguo', '秀英|Xiuying', '敏|Min', '海燕|Haiyan', '志强|Zhiqiang', '丽华|Lihua', '文博|Wenbo', '雨桐|Yutong'];
const departments = [t('财务处', 'Finance'), t('人事处', 'Human resources'), t('物理学院', 'School of Physics'), t('图书馆', 'Library'), t('医学部', 'Medical faculty')];
surnames.forEach((surname, i) => given.forEach((name, j) => {
  const [sz, se] = surname.split('|');
  const [gz, ge] = name.split('|');
  user(`${se}${ge}`.toLowerCase(), t(sz + gz, `${se} ${ge}`), { department: departments[(i + j) % departments.length], active: (i * 8 + j) % 17 !== 16 });
}));
teams.forEach((it) => { it.duty = it.members[0]; });

const c = (key, zh, en, children = []) => ({ key, label: t(zh, en), children });
export const categories = [
  c('hardware', '硬件故障', 'Hardware', [c('hardware/printer', '打印机', 'Printer'), c('hardware/pc', '计算机', 'Computer'), c('hardware/server', '服务器', 'Server')]),
  c('software', '软件故障', 'Software', [c('software/office', '办公软件', 'Office software'), c('software/business', '业务系统', 'Business system'), c('software/access', '账号与权限', 'Accounts and access')]),
  c('network', '网络问题', 'Network', [c('network/wired', '有线网络', 'Wired'), c('network/wireless', '无线网络', 'Wireless'), c('network/remote', '远程接入', 'Remote access')]),
  c('request', '咨询与请求', 'Questions and requests'),
];
export const allCategories = categories.flatMap((it) => [it, ...it.children]);

export const complaints = [
  [t('打印机无法连接', 'Printer cannot be reached'), 'hardware/printer', 'print', t('三楼东侧的打印机从今天早上开始无法连接，显示脱机。\n已经重启过打印机和电脑，没有变化。', 'The printer on the third floor, east side, has been offline since this morning.\nRestarting printer and computer did not help.')],
  [t('核心交换机丢包', 'Core switch drops packets'), 'network/wired', 'network', t('监控发现核心交换机 sw-core-1 丢包率 12 %，多个部门反映访问教务系统缓慢。', 'Monitoring shows 12 % packet loss on sw-core-1; several departments report that teaching administration is slow.')],
  [t('教务系统登录后白屏', 'Teaching system shows a blank page after sign-in'), 'software/business', 'teaching', t('登录教务系统后页面空白，Chrome 和 Edge 都一样。\n地址：https://jw.example.com/login', 'After sign-in the page stays blank in Chrome and Edge.\nAddress: https://jw.example.com/login')],
  [t('邮箱收不到外部邮件', 'No mail from outside arrives'), 'software/office', 'mail', t('昨天下午起收不到校外邮件，校内邮件正常。', 'Since yesterday afternoon no outside mail arrives; internal mail works.')],
  [t('VPN 连接频繁断开', 'VPN disconnects every few minutes'), 'network/remote', 'vpn', t('在家办公时 VPN 每隔几分钟断开一次，需要重新登录。', 'Working from home, the VPN drops every few minutes and asks to sign in again.')],
  [t('会议室投影无信号', 'No signal on the meeting room projector'), 'hardware', 'meeting', t('301 会议室投影仪没有信号，下午两点有重要会议。', 'The projector in room 301 shows no signal; there is an important meeting at two.')],
  [t('无法登录财务系统', 'Cannot sign in to finance'), 'software/access', 'finance', t('提示“账号已锁定”，月底报账急用。', 'It says "account locked"; needed for the month-end closing.')],
  [t('无线网络信号弱', 'Weak wireless signal'), 'network/wireless', 'wifi', t('图书馆四楼自习区无线信号很弱，经常掉线。', 'The wireless signal on the fourth floor of the library is weak and drops.')],
  [t('电脑开机蓝屏', 'Computer shows a blue screen at start'), 'hardware/pc', 'desktop', t('今天早上开机蓝屏，错误代码 0x0000007B。', 'Blue screen at start this morning, code 0x0000007B.')],
  [t('需要安装统计软件', 'Needs statistics software'), 'request', 'desktop', t('申请在办公电脑上安装 SPSS，课程下周开始。', 'Please install SPSS on my office computer; the course starts next week.')],
];
