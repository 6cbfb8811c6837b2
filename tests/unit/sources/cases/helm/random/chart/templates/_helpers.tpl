{{ define "password" }}{{ default (randAlphaNum 20) .Values.password }}{{ end }}
