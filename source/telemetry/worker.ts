import process from 'node:process';

process.title = 'orchestrator telemetry';
