import { isTracesEvent, type TracesEvent, type TracesRequest } from '../../src/protocol/traces-panel.ts';
import { openChannel } from '../shared/channel.ts';
import { TracesPanel } from './panel.ts';
import './traces.css';

const root = document.getElementById('root');
if (root) new TracesPanel(root, openChannel<TracesRequest, TracesEvent>(isTracesEvent));
