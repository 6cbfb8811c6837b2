{{- define "f" }}
{{ .Values.x.y }}{{ end }}
