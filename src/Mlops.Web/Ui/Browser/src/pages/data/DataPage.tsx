import { useRoute } from 'wouter';
import { FeedList } from './FeedList';
import { FeedPage } from './FeedPage';

/** What is stored: feeds, their records and labels. */
export default function DataPage() {
  const [, one] = useRoute<{ feed: string }>('/data/:feed');
  return one ? <FeedPage key={one.feed} id={decodeURIComponent(one.feed)} /> : <FeedList />;
}
