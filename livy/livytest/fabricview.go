// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// fabricView is the SessionResponse of the schema.
type fabricView struct {
	FabricSessionStateInfo *fabricState      `json:"fabricSessionStateInfo"`
	LivyInfo               *livyState        `json:"livyInfo"`
	Name                   string            `json:"name"`
	ID                     string            `json:"id"`
	AppID                  *string           `json:"appId"`
	AppInfo                map[string]any    `json:"appInfo"`
	ArtifactID             string            `json:"artifactId"`
	ErrorInfo              []fabricErrors    `json:"errorInfo"`
	JobType                string            `json:"jobType"`
	SubmitterID            string            `json:"submitterId"`
	SubmitterName          string            `json:"submitterName"`
	Log                    []string          `json:"log"`
	PluginInfo             *pluginState      `json:"pluginInfo"`
	SchedulerInfo          *schedulerState   `json:"schedulerInfo"`
	State                  string            `json:"state"`
	Tags                   map[string]string `json:"tags"`
	Result                 string            `json:"result"`
	CancellationReason     *string           `json:"cancellationReason"`
}

type fabricState struct {
	State        string  `json:"state"`
	ErrorMessage *string `json:"errorMessage"`
}

// livyState is the LivySessionStateInformation of the schema. Times are not told.
type livyState struct {
	CurrentState       string     `json:"currentState"`
	NotStartedAt       *time.Time `json:"notStartedAt"`
	StartingAt         *time.Time `json:"startingAt"`
	IdleAt             *time.Time `json:"idleAt"`
	DeadAt             *time.Time `json:"deadAt"`
	ShuttingDownAt     *time.Time `json:"shuttingDownAt"`
	KilledAt           *time.Time `json:"killedAt"`
	RecoveringAt       *time.Time `json:"recoveringAt"`
	BusyAt             *time.Time `json:"busyAt"`
	ErrorAt            *time.Time `json:"errorAt"`
	JobCreationRequest fabricBody `json:"jobCreationRequest"`
}

// schedulerState is the SchedulerInformation of the schema.
type schedulerState struct {
	SubmittedAt             time.Time  `json:"submittedAt"`
	QueuedAt                *time.Time `json:"queuedAt"`
	ScheduledAt             *time.Time `json:"scheduledAt"`
	EndedAt                 *time.Time `json:"endedAt"`
	CancellationRequestedAt *time.Time `json:"cancellationRequestedAt"`
	CurrentState            string     `json:"currentState"`
}

// pluginState is the SparkServicePluginInformation of the schema.
type pluginState struct {
	PreparationStartedAt         time.Time  `json:"preparationStartedAt"`
	ResourceAcquisitionStartedAt *time.Time `json:"resourceAcquisitionStartedAt"`
	SubmissionStartedAt          *time.Time `json:"submissionStartedAt"`
	MonitoringStartedAt          *time.Time `json:"monitoringStartedAt"`
	CleanupStartedAt             *time.Time `json:"cleanupStartedAt"`
	CurrentState                 string     `json:"currentState"`
}

type fabricErrors struct {
	Message   string `json:"message"`
	ErrorCode string `json:"errorCode"`
	Source    string `json:"source"`
}

// fabricActivities is the LivySparkActivityList of the schema.
type fabricActivities struct {
	Items    []fabricActivity `json:"items"`
	Total    int              `json:"totalCountOfMatchedItems"`
	PageSize int              `json:"pageSize"`
}

type fabricActivity struct {
	ID                 string            `json:"id"`
	AppID              *string           `json:"appId"`
	Name               string            `json:"name"`
	WorkspaceID        string            `json:"workspaceId"`
	SubmitterID        string            `json:"submitterId"`
	SubmitterName      string            `json:"submitterName"`
	ArtifactID         string            `json:"artifactId"`
	CancellationReason *string           `json:"cancellationReason"`
	Result             string            `json:"result"`
	SubmittedAt        time.Time         `json:"submittedAt"`
	StartedAt          *time.Time        `json:"startedAt"`
	EndedAt            *time.Time        `json:"endedAt"`
	ErrorSource        *string           `json:"errorSource"`
	ErrorCode          *string           `json:"errorCode"`
	Tags               map[string]string `json:"tags"`
	SchedulerState     string            `json:"schedulerState"`
	PluginState        string            `json:"pluginState"`
	LivyState          string            `json:"livyState"`
	IsJobTimedOut      bool              `json:"isJobTimedOut"`
}

// Who submits every session.
const (
	submitterID   = "7e7a0000-0000-4000-8000-00000000c001"
	submitterName = "Ann Example"
)

// state returns what a session shows now: its next phase, or what the Livy
// session behind it does.
func (f *fabricFront) state(r *http.Request, s *fabricSession) (FabricPhase, *string) {
	if len(s.phases) > 0 {
		return s.phases[0], nil
	}
	now := FabricPhase{Fabric: "unknown", Plugin: "Monitoring", Scheduler: "Scheduled"}
	var appID *string
	for _, in := range append(s.repls, s.inner) {
		var view struct {
			State string  `json:"state"`
			AppID *string `json:"appId"`
		}
		answer := f.ask(r, http.MethodGet, in.path, nil)
		if answer.Code != http.StatusOK || json.Unmarshal(answer.Body.Bytes(), &view) != nil {
			view.State = "dead"
		}
		if now.Livy == "" || view.State == "busy" {
			now.Livy, appID = view.State, view.AppID
		}
	}
	now.State = now.Livy
	if now.Livy == "dead" {
		now.Plugin, now.Scheduler = "Ended", "Ended"
	}
	return now, appID
}

// view shows s; f.mu is held.
func (f *fabricFront) view(r *http.Request, s *fabricSession) fabricView {
	now, appID := f.state(r, s)
	v := fabricView{
		Name: s.body.Name, ID: s.id, AppID: appID, ArtifactID: f.Lakehouse, ErrorInfo: []fabricErrors{},
		JobType: "SparkSession", SubmitterID: submitterID, SubmitterName: submitterName,
		State: now.State, Tags: s.tags, Result: "Uncertain",
	}
	if now.Livy != "" {
		v.LivyInfo = &livyState{CurrentState: now.Livy, JobCreationRequest: s.body}
	}
	if now.Fabric != "" {
		v.FabricSessionStateInfo = &fabricState{State: now.Fabric}
		if now.Message != "" {
			v.FabricSessionStateInfo.ErrorMessage = &now.Message
		}
	}
	if now.Plugin != "" {
		v.PluginInfo = &pluginState{PreparationStartedAt: s.submitted, CurrentState: now.Plugin}
	}
	if now.Scheduler != "" {
		v.SchedulerInfo = &schedulerState{SubmittedAt: s.submitted, CurrentState: now.Scheduler}
	}
	if now.Livy == "dead" || strings.EqualFold(now.Fabric, "error") {
		v.Result = "Failed"
		v.ErrorInfo = []fabricErrors{{Message: "Livy session has failed.", ErrorCode: "LIVY_SESSION_FAILED", Source: "Unknown"}}
	}
	return v
}

func (f *fabricFront) listSessions(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	top, err := strconv.Atoi(r.URL.Query().Get("$top"))
	if err != nil || top <= 0 {
		top = 20
	}
	skip, err := strconv.Atoi(r.URL.Query().Get("$skip"))
	if err != nil || skip < 0 {
		skip = 0
	}
	list := fabricActivities{Items: []fabricActivity{}, Total: len(f.sessions), PageSize: top}
	for _, s := range f.sessions[min(skip, len(f.sessions)):min(skip+top, len(f.sessions))] {
		now, appID := f.state(r, s)
		list.Items = append(list.Items, fabricActivity{
			ID: s.id, AppID: appID, Name: s.body.Name, WorkspaceID: f.Workspace, SubmitterID: submitterID, SubmitterName: submitterName,
			ArtifactID: f.Lakehouse, Result: "Uncertain", SubmittedAt: s.submitted, Tags: s.tags,
			SchedulerState: now.Scheduler, PluginState: now.Plugin, LivyState: now.Livy,
		})
	}
	writeFabric(w, http.StatusOK, list)
}
