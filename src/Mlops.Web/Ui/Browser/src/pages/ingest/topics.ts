import type { TopicDetails } from '../../api/contracts';

/** A level of topics with what is below it. */
export interface TopicNode {
  /** The last level of its path. */
  name: string;
  path: string;
  /** Messages of it and all below. */
  messages: number;
  topic?: TopicDetails;
  children: TopicNode[];
}

/** Sorts topics into a tree by their levels. */
export function treeOf(topics: readonly TopicDetails[]): TopicNode[] {
  const root: TopicNode = { name: '', path: '', messages: 0, children: [] };
  const nodes = new Map<string, TopicNode>();
  for (const topic of topics) {
    let node = root;
    let path = '';
    topic.topic.split('/').forEach((name, i) => {
      path = i === 0 ? name : `${path}/${name}`;
      let child = nodes.get(path);
      if (!child) {
        child = { name, path, messages: 0, children: [] };
        nodes.set(path, child);
        node.children.push(child);
      }
      child.messages += topic.messages;
      node = child;
    });
    node.topic = topic;
  }
  return root.children.map(compact);
}

// Levels with nothing beside them stand in one line: ie/d/j.
function compact(node: TopicNode): TopicNode {
  const [only] = node.children;
  return !node.topic && only && node.children.length === 1
    ? compact({ ...only, name: `${node.name}/${only.name}` })
    : { ...node, children: node.children.map(compact) };
}

/** Whether a topic filter matches a topic, as in MQTT. */
export function matches(filter: string, topic: string): boolean {
  const [wanted, given] = [filter.split('/'), topic.split('/')];
  if (topic.startsWith('$') && !filter.startsWith('$'))
    return false;
  for (const [i, level] of wanted.entries()) {
    if (level === '#')
      return true;
    if (i >= given.length || (level !== '+' && level !== given[i]))
      return false;
  }
  return wanted.length === given.length;
}

/** The topics of the common databus, which need no mapping. */
export function isDatabus(topic: string): boolean {
  return topic.startsWith('ie/');
}

/** Text as somebody can read it: JSON on several lines. */
export function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Messages each second between two looks, by topic. */
export function ratesOf(before: ReadonlyMap<string, number>, now: readonly TopicDetails[], seconds: number): Map<string, number> {
  return new Map(now.map(t => [t.topic, seconds > 0 && before.has(t.topic) ? Math.max(0, t.messages - before.get(t.topic)!) / seconds : 0]));
}
