// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package recording replays what a client and a real Apache Livy 0.9.0 said
// to each other against another server of the Livy REST API, and tells where
// that one answers differently.
//
// The requests of a scenario are sent in their order. Ids of sessions and
// statements are those that the server under test gives; where the recording
// shows a state that takes time to reach, the request is sent again until the
// state is there. Compared are status codes, the headers Content-Type,
// Location and Allow, the keys and JSON types of bodies at every depth, kinds,
// states and their order, and of an output its status, ename and MIME types.
// Texts, numbers and the lines of logs are not compared.
//
// A test calls [Test] with a file of the differences that are meant.
package recording
