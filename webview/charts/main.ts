import { isChartsEvent, type ChartsEvent, type ChartsRequest } from '../../src/protocol/charts.ts';
import { openChannel } from '../shared/channel.ts';
import './charts.css';
import { ChartsPanel } from './panel.ts';

const root = document.getElementById('root');
if (root) new ChartsPanel(root, openChannel<ChartsRequest, ChartsEvent>(isChartsEvent));
