import { isLogsEvent, type LogsEvent, type LogsRequest } from '../../src/protocol/logs-panel.ts';
import { openChannel } from '../shared/channel.ts';
import './logs.css';
import { LogsPanel } from './panel.ts';

const root = document.getElementById('root');
if (root) new LogsPanel(root, openChannel<LogsRequest, LogsEvent>(isLogsEvent));
