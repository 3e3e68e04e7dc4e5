// The BPMN of the mock pack, drawn with coordinates so that the viewer can show it.
import { say } from './people.mjs';

const t = (zh, en) => ({ zh, en });
const nodes = [
  ['Start', 'startEvent', 160, 222, t('报告', 'Reported')],
  ['Classify', 'userTask', 240, 200, t('分类', 'Classify')],
  ['L1', 'userTask', 390, 200, t('一线处理', 'L1 support')],
  ['GwL1', 'exclusiveGateway', 540, 215, t('解决了吗？', 'Solved?')],
  ['L2', 'userTask', 640, 320, t('二线处理', 'L2 support')],
  ['GwL2', 'exclusiveGateway', 790, 335, t('解决了吗？', 'Solved?')],
  ['L3', 'userTask', 890, 440, t('三线处理', 'L3 support')],
  ['Join', 'exclusiveGateway', 900, 215, null],
  ['Confirm', 'userTask', 1000, 200, t('申报人确认', 'Requester confirms')],
  ['GwConfirm', 'exclusiveGateway', 1150, 215, t('确认恢复？', 'Restored?')],
  ['End', 'endEvent', 1260, 222, t('关闭', 'Closed')],
];
const sizes = { userTask: [100, 80], exclusiveGateway: [50, 50], startEvent: [36, 36], endEvent: [36, 36] };
const box = (id) => {
  const [, kind, x, y] = nodes.find((it) => it[0] === id);
  const [w, h] = sizes[kind];
  return { x, y, w, h, cx: x + w / 2, cy: y + h / 2 };
};
const right = (id) => { const b = box(id); return [b.x + b.w, b.cy]; };
const left = (id) => { const b = box(id); return [b.x, b.cy]; };
const top = (id) => { const b = box(id); return [b.cx, b.y]; };
const bottom = (id) => { const b = box(id); return [b.cx, b.y + b.h]; };
const corner = (a, b) => [a, [a[0], b[1]], b];
export const edges = [
  ['e1', 'Start', 'Classify', [right('Start'), left('Classify')]],
  ['e2', 'Classify', 'L1', [right('Classify'), left('L1')]],
  ['e3', 'L1', 'GwL1', [right('L1'), left('GwL1')]],
  ['e4', 'GwL1', 'Join', [right('GwL1'), left('Join')], t('解决', 'Resolve')],
  ['e5', 'GwL1', 'L2', corner(bottom('GwL1'), left('L2')), t('升级', 'Escalate')],
  ['e6', 'L2', 'GwL2', [right('L2'), left('GwL2')]],
  ['e7', 'GwL2', 'Join', [top('GwL2'), [box('GwL2').cx, 300], [box('Join').cx, 300], bottom('Join')], t('解决', 'Resolve')],
  ['e8', 'GwL2', 'L3', corner(bottom('GwL2'), left('L3')), t('升级', 'Escalate')],
  ['e9', 'L3', 'Join', [right('L3'), [1020, 480], [1020, 310], [box('Join').cx + 10, 310], [box('Join').cx + 10, 255]]],
  ['e10', 'Join', 'Confirm', [right('Join'), left('Confirm')]],
  ['e11', 'Confirm', 'GwConfirm', [right('Confirm'), left('GwConfirm')]],
  ['e12', 'GwConfirm', 'End', [right('GwConfirm'), left('End')], t('是', 'Yes')],
  ['e13', 'GwConfirm', 'L1', [top('GwConfirm'), [box('GwConfirm').cx, 130], [box('L1').cx, 130], top('L1')], t('否', 'No')],
];

const name = (text, lang) => (text ? ` name="${say(text, lang)}"` : '');

/** @param {string} lang */
export function bpmn(lang) {
  const process = [
    ...nodes.map(([id, kind, , , label]) => `<bpmn:${kind} id="${id}"${name(label, lang)} />`),
    ...edges.map(([id, from, to, , label]) => `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}"${name(label, lang)} />`),
  ].join('');
  const plane = [
    ...nodes.map(([id, kind, x, y]) => {
      const [w, h] = sizes[kind];
      const gateway = kind === 'exclusiveGateway' ? ' isMarkerVisible="true"' : '';
      return `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}"${gateway}><dc:Bounds x="${x}" y="${y}" width="${w}" height="${h}" /></bpmndi:BPMNShape>`;
    }),
    ...edges.map(([id, , , points]) => `<bpmndi:BPMNEdge id="${id}_di" bpmnElement="${id}">${points.map(([x, y]) => `<di:waypoint x="${x}" y="${y}" />`).join('')}</bpmndi:BPMNEdge>`),
  ].join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" targetNamespace="yuheng" id="d">
<bpmn:process id="p" isExecutable="true">${process}</bpmn:process>
<bpmndi:BPMNDiagram id="dia"><bpmndi:BPMNPlane id="plane" bpmnElement="p">${plane}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>`;
}

export const activities = Object.fromEntries(nodes.filter((it) => it[1] === 'userTask').map(([id, , , , label]) => [id, label]));

/** The elements and edges a record has gone through, from the list of steps it keeps. */
export function pathOf(steps) {
  const elements = new Map();
  const taken = new Set();
  const join = (from, to) => {
    const direct = edges.find((it) => it[1] === from && it[2] === to);
    if (direct) return void taken.add(direct[0]);
    for (const first of edges.filter((it) => it[1] === from)) {
      for (const second of edges.filter((it) => it[1] === first[2])) {
        if (second[2] === to) return void [first, second].forEach((it) => (taken.add(it[0]), elements.set(it[1], elements.get(it[1]) ?? { id: it[1], entered_at: null, left_at: null, by: null, outcome: null })));
        for (const third of edges.filter((it) => it[1] === second[2] && it[2] === to)) {
          return void [first, second, third].forEach((it) => taken.add(it[0]));
        }
      }
    }
  };
  let previous = 'Start';
  elements.set('Start', { id: 'Start', entered_at: steps[0]?.entered_at ?? null, left_at: steps[0]?.entered_at ?? null, by: null, outcome: null });
  for (const step of steps) {
    join(previous, step.id);
    elements.set(step.id, step);
    previous = step.id;
  }
  return { elements: [...elements.values()], edges: [...taken] };
}
